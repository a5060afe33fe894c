"""Runs SMT-LIB 2 scripts with cvc5, whose package is a library without a command: prints what the scripts print."""

import sys

import cvc5


def run(path, milliseconds):
    solver = cvc5.Solver()
    solver.setOption("incremental", "true")
    solver.setOption("tlimit-per", str(milliseconds))
    parser = cvc5.InputParser(solver)
    parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, path)
    symbols = parser.getSymbolManager()
    while True:
        command = parser.nextCommand()
        if command.isNull():
            return
        # The parser puts `\n` behind what a command has to say.
        print(command.invoke(solver, symbols), end="")


run(sys.argv[1], int(sys.argv[2]) * 1000)
