// Reads files with the grammar: node scopes.mjs NODE_MODULES GRAMMAR FILES. For each file a line of JSON with what is wrong.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [modules, grammar, ...files] = process.argv.slice(2);
const from = createRequire(join(modules, 'any.js'));
const { Registry, INITIAL, parseRawGrammar } = from('vscode-textmate');
const oniguruma = from('vscode-oniguruma');
await oniguruma.loadWASM(readFileSync(from.resolve('vscode-oniguruma/release/onig.wasm')));
const registry = new Registry({
  onigLib: Promise.resolve({ createOnigScanner: (p) => new oniguruma.OnigScanner(p), createOnigString: (s) => new oniguruma.OnigString(s) }),
  loadGrammar: async () => parseRawGrammar(readFileSync(grammar, 'utf8'), grammar),
});
const ordain = await registry.loadGrammar('source.ordain');
/** The words that are always keywords, in the language. */
const KEYWORDS = new Set('policy use fact section rule exception duty period decision assume expect define permit forbid require oblige advise waive provided except when and or not is include includes'.split(' '));
for (const name of files) {
  const wrong = [];
  let stack = INITIAL;
  readFileSync(name, 'utf8').split(/\r?\n/).forEach((line, i) => {
    const { tokens, ruleStack } = ordain.tokenizeLine(line, stack);
    stack = ruleStack;
    for (const { startIndex, endIndex, scopes } of tokens) {
      const text = line.slice(startIndex, endIndex);
      const all = scopes.join(' ');
      if (all.includes('invalid')) wrong.push(`${i + 1}: “${text}” is called wrong`);
      if (/[\p{L}\p{N}"]/u.test(text) && scopes.length < 2) wrong.push(`${i + 1}: “${text}” has no scope`);
      const apart = /comment|string|citation/.test(all);
      for (const word of apart ? [] : text.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []) {
        if (KEYWORDS.has(word) && !/keyword/.test(all)) wrong.push(`${i + 1}: “${word}” is no keyword`);
      }
    }
  });
  console.log(JSON.stringify({ name, wrong }));
}
