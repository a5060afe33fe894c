-- Neovim 0.11 and newer read this as `vim.lsp.config.ordain`.
return {
  cmd = { vim.g.ordain_server or 'ordain-lsp' },
  filetypes = { 'ordain' },
  root_markers = { 'ordain.toml', '.git' },
}
