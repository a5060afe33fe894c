-- Starts the server in Neovim 0.7 to 0.10; newer ones do it themselves from lsp/ordain.lua.
local M = {}
local clients = {}

-- The nearest folder with ordain.toml, else that of the file.
local function root_of(file)
  local folder = vim.fn.fnamemodify(file, ':p:h')
  local settings = vim.fn.findfile('ordain.toml', vim.fn.fnameescape(folder) .. ';')
  return settings ~= '' and vim.fn.fnamemodify(settings, ':p:h') or folder
end

function M.attach(buffer)
  local root = root_of(vim.api.nvim_buf_get_name(buffer))
  local config = {
    name = 'ordain',
    cmd = { vim.g.ordain_server or 'ordain-lsp' },
    root_dir = root,
    on_exit = function() clients[root] = nil end,
  }
  if vim.lsp.start then return vim.lsp.start(config, { bufnr = buffer }) end
  clients[root] = clients[root] or vim.lsp.start_client(config)
  if clients[root] then vim.lsp.buf_attach_client(buffer, clients[root]) end
  return clients[root]
end

return M
