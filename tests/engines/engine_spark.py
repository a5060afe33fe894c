"""Spark SQL, from its wheel, on Debian's Java."""

import json
import sys

import lib
import sql

PACKAGES = ["pyspark==4.3.0"]


def java():
    lib.apt("java", "default-jre-headless")


class Spark(sql.Sql):
    name = "spark"
    dialect = "spark"
    session = None

    def install(self):
        from pyspark.sql import SparkSession

        java()
        builder = SparkSession.builder.master("local[2]").appName("engines")
        settings = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": "1",
            "spark.sql.session.timeZone": "Asia/Tokyo",
            "spark.sql.warehouse.dir": str(lib.ENGINES / "spark"),
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.sql.codegen.wholeStage": "false",
        }
        for name, value in settings.items():
            builder = builder.config(name, value)
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("ERROR")

    def decide(self, project, artefact):
        create, table, view, text, facts, rows = self.table(project, artefact)
        path = artefact.with_suffix(".ndjson")
        with path.open("w") as file:
            for row in rows:
                file.write(json.dumps(dict(zip(["#case", *facts], row))) + "\n")
        types = ", ".join(line.strip() for line in create.split("(", 1)[1].rsplit(")", 1)[0].splitlines()).replace(",,", ",")
        frame = self.session.read.schema(types.strip(", ")).json(str(path))
        frame.createOrReplaceTempView(table.strip("`"))
        statement = text[text.index("\nCREATE VIEW") :].strip().rstrip(";")
        self.session.sql(statement.replace("CREATE VIEW", "CREATE OR REPLACE TEMPORARY VIEW"))
        found = self.session.sql(f"SELECT * FROM {view} ORDER BY `#case`")
        kept = [n for n in found.columns if n not in facts]
        return self.read(kept, [tuple(r) for r in found.select(*[f"`{n}`" for n in kept]).collect()], facts)


if __name__ == "__main__":
    lib.in_venv(lib.venv("spark", *PACKAGES))
    sys.exit(lib.main(Spark()))
