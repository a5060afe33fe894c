//! Whether a JSON value is what a schema of `docs/schema` describes, and nothing more: properties that the schema does not
//! name are faults here, though readers must bear them.

use serde_json::Value;

/// `name` is a schema, or a part of one: `editor#/$defs/table`.
pub fn assert_fits(name: &str, value: &Value) {
    let (name, part) = name.split_once('#').unwrap_or((name, ""));
    let path = format!("{}/../docs/schema/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("a schema");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let part = schema.pointer(part).expect("a part of the schema");
    if let Err(fault) = fits(&schema, part, value, "$") {
        panic!("{name}: {fault}\n{value:#}");
    }
}

fn fits(root: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let found = root.pointer(name.trim_start_matches('#')).ok_or(format!("{name} is not defined"))?;
        return fits(root, found, value, at);
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(any) = schema[keyword].as_array() {
            let faults: Vec<String> = any.iter().filter_map(|s| fits(root, s, value, at).err()).collect();
            if faults.len() == any.len() {
                return Err(faults.join(" | "));
            }
        }
    }
    if let Some(constant) = schema.get("const")
        && constant != value
    {
        return Err(format!("{at} is {value}, not {constant}"));
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value)
    {
        return Err(format!("{at} is {value}, none of {values:?}"));
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is = |ty: &&str| match *ty {
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        other => panic!("{other} is no type"),
    };
    if !types.is_empty() && !types.iter().any(is) {
        return Err(format!("{at} is {value}, not {types:?}"));
    }
    if let (Some(object), Some(properties)) = (value.as_object(), schema["properties"].as_object()) {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            object.get(name).ok_or(format!("{at} lacks {name}"))?;
        }
        for (name, value) in object {
            let property = properties.get(name).ok_or(format!("{at}.{name} is not described"))?;
            fits(root, property, value, &format!("{at}.{name}"))?;
        }
    }
    for (i, value) in value.as_array().into_iter().flatten().enumerate() {
        fits(root, &schema["items"], value, &format!("{at}[{i}]"))?;
    }
    Ok(())
}
