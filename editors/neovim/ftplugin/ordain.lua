-- What a buffer with a policy needs besides the server.
vim.bo.commentstring = '// %s'
vim.bo.comments = ':///,://'
vim.bo.expandtab = true
vim.bo.shiftwidth = 2
vim.bo.softtabstop = 2
-- With the parser installed its colours are used, else those of syntax/ordain.vim.
if vim.treesitter and vim.treesitter.start then pcall(vim.treesitter.start) end
