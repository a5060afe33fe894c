; How Helix indents: what stands between brackets is one step further in.

[(policy) (children) (section) (body) (provided) (expect) (group)] @indent
["}" ")"] @outdent
