-- Policies get the server as soon as one is opened.
if vim.g.loaded_ordain then return end
vim.g.loaded_ordain = true
if vim.lsp.enable then
  vim.lsp.enable('ordain')
else
  vim.api.nvim_create_autocmd('FileType', {
    pattern = 'ordain',
    callback = function(event) require('ordain').attach(event.buf) end,
  })
end
