au BufRead,BufNewFile *.ordain setfiletype ordain
