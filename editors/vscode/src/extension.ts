// Puts the extension together: the server, what it says of projects, and the views on it.

import * as vscode from 'vscode';
import { Compare } from './compare.js';
import { ExceptionTree } from './exceptions.js';
import { newcomers } from './newcomers.js';
import { Projects } from './projects.js';
import { Server } from './server.js';
import { StatusBar } from './status.js';
import { TableView } from './table.js';
import { ExpectationTests } from './tests.js';
import { WhyView } from './why.js';

/** What the views show, for other extensions and for tests. */
export interface Api {
  readonly server: Server;
  readonly projects: Projects;
  readonly status: StatusBar;
  readonly table: TableView;
  readonly exceptions: ExceptionTree;
  readonly tests: ExpectationTests;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const extension = context.extensionUri;
  const server = new Server(context);
  const projects = new Projects(server);
  const status = new StatusBar(server, projects);
  const table = new TableView(extension, server, projects);
  const exceptions = new ExceptionTree(server, projects);
  const tests = new ExpectationTests(server, projects);
  context.subscriptions.push(
    server,
    projects,
    status,
    table,
    exceptions,
    tests,
    new WhyView(extension, server, projects),
    new Compare(server, projects),
    newcomers(extension, projects),
    vscode.commands.registerCommand('ordain.restartServer', () => server.restart()),
    vscode.commands.registerCommand('ordain.showOutput', () => server.showOutput()),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration('ordain.server')) await server.restart();
      if (change.affectsConfiguration('ordain.trace')) await server.traced();
    }),
  );
  await server.start();
  return { server, projects, status, table, exceptions, tests };
}
