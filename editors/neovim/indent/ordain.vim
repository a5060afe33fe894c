" What stands between brackets is one step further in.
if exists('b:did_indent') | finish | endif
let b:did_indent = 1
setlocal autoindent indentexpr=OrdainIndent() indentkeys=0},0),o,O

function! OrdainIndent() abort
  let l:before = prevnonblank(v:lnum - 1)
  let l:step = getline(l:before) =~# '[{(]\s*\(//.*\)\?$' ? shiftwidth() : 0
  let l:back = getline(v:lnum) =~# '^\s*[})]' ? shiftwidth() : 0
  return indent(l:before) + l:step - l:back
endfunction
