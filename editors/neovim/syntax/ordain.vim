" Colours without tree-sitter: words as they look. The server's colours, where Neovim shows them, lie above.
if exists('b:current_syntax') | finish | endif
syn iskeyword @,48-57,_,192-255
syn keyword ordainKeyword policy use fact section rule exception duty period decision assume expect define provided
syn keyword ordainKeyword except when and or not is include includes
syn keyword ordainStatement permit forbid require oblige advise waive
syn keyword ordainWord role channel from to in force until on before after at least most more less than exactly within
syn keyword ordainWord between during outside any all none only of one number date datetime time set if some by undecided
syn keyword ordainWord conflict obliges default source timezone yields cite because encoded may be under excludes allow
syn keyword ordainWord weekdays weekends every Monday Tuesday Wednesday Thursday Friday Saturday Sunday
syn match ordainNumber "\v<\d[0-9_:.-]*"
syn region ordainString start=+"+ skip=+\\["\\]+ end=+"+ oneline
syn match ordainComment "//.*$"
syn match ordainDoc "///\(/\)\@!.*$"
syn region ordainComment start="/\*" end="\*/"
hi def link ordainKeyword Keyword
hi def link ordainStatement Statement
hi def link ordainWord Keyword
hi def link ordainNumber Number
hi def link ordainString String
hi def link ordainComment Comment
hi def link ordainDoc SpecialComment
let b:current_syntax = 'ordain'
