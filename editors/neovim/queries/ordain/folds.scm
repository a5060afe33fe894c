; What folds: whatever has braces, and comments over several lines.

[(policy) (roles) (channels) (section) (rule) (exception) (except) (provided) (expect) (comment)] @fold
