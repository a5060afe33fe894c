; How Neovim indents: what stands between braces is one step further in.

[(policy) (children) (section) (body) (provided) (expect) (group)] @indent.begin
["}" ")"] @indent.branch @indent.end
[(comment) (doc_comment)] @indent.auto
