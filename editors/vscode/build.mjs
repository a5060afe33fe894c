// Sources -> what the extension ships: one program for the extension host, one script and one sheet for each view.

import { build } from 'esbuild';

const both = { bundle: true, minify: true, sourcemap: false, logLevel: 'warning', legalComments: 'none' };
await build({ ...both, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'] });
await build({ ...both, entryPoints: ['views/table.ts', 'views/why.ts', 'views/table.css', 'views/why.css'], outdir: 'dist/views', platform: 'browser', format: 'iife', target: 'es2022' });
