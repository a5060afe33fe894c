-- What a user of editors/neovim does, in any Neovim from 0.7 on: `nvim --headless -c 'luafile neovim.lua'` in a project.
local passed, failed = 0, 0
local function say(text) io.stdout:write(text .. '\n') end
local function check(name, test)
  local ok, said = pcall(test)
  if ok then
    passed = passed + 1
    say('   ' .. name .. (said and ': ' .. said or ''))
  else
    failed = failed + 1
    say('FAILED: ' .. name .. ': ' .. tostring(said))
  end
end
local function wait(what, test) assert(vim.wait(20000, test, 20), 'no ' .. what) end

local buffer
local function text() return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') end
local function put(lines) vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines) end
local function codes()
  local found = {}
  for _, d in ipairs(vim.diagnostic.get(buffer)) do found[tostring(d.code)] = d end
  return found
end
-- The place of a word, as the protocol counts.
local function place(word, nth)
  for line, content in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    local from = content:find(word, 1, true)
    if from then
      if (nth or 1) == 1 then return { line = line - 1, character = from - 1 } end
      nth = nth - 1
    end
  end
  error('no ' .. word)
end
local client
local function ask(method, more, position)
  local params = vim.tbl_extend('force', { textDocument = { uri = vim.uri_from_bufnr(buffer) }, position = position }, more or {})
  local answers = assert(vim.lsp.buf_request_sync(buffer, method, params, 10000), method .. ' has no answer')
  local answer = answers[client.id] or error(method .. ' has no answer')
  assert(not answer.error and not answer.err, vim.inspect(answer))
  return answer.result
end
local function apply(edit) vim.lsp.util.apply_workspace_edit(edit, client.offset_encoding) end

local POLICY = vim.fn.readfile('policy.ordain')

check('the file is a policy, with its comments and indentation', function()
  vim.cmd('edit policy.ordain')
  buffer = vim.api.nvim_get_current_buf()
  assert(vim.bo.filetype == 'ordain', 'filetype is ' .. vim.bo.filetype)
  assert(vim.bo.commentstring == '// %s' and vim.bo.shiftwidth == 2)
  vim.cmd('normal! Gorule z {')
  vim.cmd('normal! opermit')
  assert(vim.fn.getline('.') == '  permit', vim.fn.getline('.'))
  vim.cmd('normal! o}')
  put(POLICY)
end)

check('without tree-sitter, words are coloured as they look', function()
  vim.cmd('syntax on')
  local at = place('forbid email')
  local group = vim.fn.synIDattr(vim.fn.synID(at.line + 1, at.character + 1, 1), 'name')
  if vim.treesitter and vim.treesitter.highlighter and vim.treesitter.highlighter.active[buffer] then return 'the parser is there' end
  assert(group == 'ordainStatement', 'forbid is ' .. group)
end)

check('the server starts by itself and the conflict is shown', function()
  wait('conflict', function() return codes().O3001 end)
  for _, c in pairs(vim.lsp.buf_get_clients and vim.lsp.buf_get_clients(buffer) or vim.lsp.get_clients({ bufnr = buffer })) do client = c end
  assert(client.name == 'ordain')
  return codes().O3001.message:match('^[^\n]*')
end)
if not client then
  say('0 passed, ' .. failed .. ' failed')
  vim.cmd('cquit 1')
end

check('hover says what a rule decides', function()
  local shown = ask('textDocument/hover', nil, place('late_mail'))
  assert(vim.inspect(shown.contents):find('late_mail', 1, true), vim.inspect(shown))
end)

check('completion knows the values of a fact', function()
  put(vim.list_extend(vim.list_extend({}, POLICY), { 'rule third { forbid when purpose is  }' }))
  local at = place('purpose is ')
  local items = ask('textDocument/completion', nil, { line = at.line, character = at.character + #'purpose is ' })
  local found = false
  for _, item in ipairs(items.items or items) do found = found or item.label == 'lesson' end
  put(POLICY)
  assert(found, 'no `lesson`')
end)

check('definition goes to the fact', function()
  local found = ask('textDocument/definition', nil, place('late ', 1))
  found = found[1] or found
  local range = found.range or found.targetSelectionRange
  assert(range.start.line == place('fact late').line, vim.inspect(found))
end)

check('rename changes every place', function()
  apply(ask('textDocument/rename', { newName = 'after_hours' }, place('late:')))
  assert(not text():find('when late', 1, true) and text():find('when after_hours', 1, true), text())
  put(POLICY)
end)

check('formatting is that of `ordain fmt`', function()
  put({ 'policy contact {default forbid}', 'fact late:yes/no', 'rule a{permit when late}' })
  if vim.lsp.buf.format then vim.lsp.buf.format({ timeout_ms = 10000 }) else vim.lsp.buf.formatting_sync(nil, 10000) end
  assert(text():find('rule a { permit when late }', 1, true), text())
  put(POLICY)
end)

check('a quick fix ends the conflict', function()
  wait('conflict', function() return codes().O3001 end)
  local d = codes().O3001
  local range = { start = { line = d.lnum, character = d.col }, ['end'] = { line = d.end_lnum, character = d.end_col } }
  local given = d.user_data and d.user_data.lsp or {}
  local lsp = { range = range, message = d.message, code = given.code or d.code, source = d.source, severity = d.severity, data = given.data }
  local title
  -- Fixes of what is proved are there when the proof is.
  wait('fix that makes an exception', function()
    for _, action in ipairs(ask('textDocument/codeAction', { range = range, context = { diagnostics = { lsp } } }) or {}) do
      if not title and action.kind == 'quickfix' and action.edit and action.title:find('exception') then
        title = action.title
        apply(action.edit)
      end
    end
    return title
  end)
  wait('end of the conflict', function() return not codes().O3001 end)
  return title
end)

if vim.treesitter and vim.treesitter.language and vim.env.ORDAIN_PARSER then
  check('the parser colours, folds and indents', function()
    put(POLICY)
    vim.treesitter.language.add('ordain', { path = vim.env.ORDAIN_PARSER })
    vim.treesitter.start(buffer, 'ordain')
    assert(not vim.treesitter.get_parser(buffer, 'ordain'):parse()[1]:root():has_error())
    for _, name in ipairs({ 'highlights', 'folds', 'indents', 'locals' }) do
      assert(vim.treesitter.query.get('ordain', name), 'no ' .. name)
    end
    local at = place('forbid email')
    local found = vim.treesitter.get_captures_at_pos(buffer, at.line, at.character)
    assert(found[1] and found[1].capture == 'keyword', vim.inspect(found))
  end)
end

say(passed .. ' passed, ' .. failed .. ' failed')
vim.cmd(failed == 0 and 'qa!' or 'cquit 1')
