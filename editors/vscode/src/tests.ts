// The expectations of all open projects -> the test explorer, and what depends on them -> coverage in the gutter. They are
// proved with every change, so running them asks for what is known of the latest state.

import * as vscode from 'vscode';
import { range } from './places.js';
import type { Covered, Expectation, Expectations as Answer, Named } from './protocol.js';
import type { Projects } from './projects.js';
import type { Server } from './server.js';

class RuleCoverage extends vscode.FileCoverage {
  constructor(uri: vscode.Uri, readonly parts: Covered[]) {
    const rules = parts.filter(isDeclaration);
    const others = parts.filter((p) => !isDeclaration(p));
    const count = (list: Covered[]) => new vscode.TestCoverageCount(list.filter((p) => p.covered).length, list.length);
    // Every rule is counted as a statement, too: some views show nothing else.
    super(uri, count(parts), undefined, count([...rules, ...others]));
  }

  details(): vscode.FileCoverageDetail[] {
    return this.parts.flatMap((part) => {
      const hits = part.covered ? Math.max(1, part.by.length) : 0;
      const name = range(part.range);
      return [
        new vscode.StatementCoverage(hits, name),
        new vscode.DeclarationCoverage(`${part.kind} ${part.name}`, hits, name.start),
      ];
    });
  }
}

/** What the last run said: for tests. */
export interface Ran {
  passed: string[];
  failed: string[];
  covered: string[];
  uncovered: string[];
}

export class ExpectationTests implements vscode.Disposable {
  private readonly controller = vscode.tests.createTestController('ordain', 'Policy expectations');
  private readonly answers = new Map<string, Answer>();
  private readonly ended = new vscode.EventEmitter<Ran>();
  private readonly coverage: vscode.TestRunProfile;
  private readonly parts: vscode.Disposable[];
  readonly onRan = this.ended.event;
  last: Ran | undefined;

  constructor(private readonly server: Server, private readonly projects: Projects) {
    const kinds = vscode.TestRunProfileKind;
    const run = this.controller.createRunProfile('Prove', kinds.Run, (r, t) => this.run(r, t, false), true, undefined, true);
    this.coverage = this.controller.createRunProfile('Prove, with what depends on it', kinds.Coverage, (r, t) => this.run(r, t, true), true);
    this.coverage.loadDetailedCoverage = async (_, file) => (file instanceof RuleCoverage ? file.details() : []);
    this.controller.refreshHandler = () => this.refresh();
    this.parts = [
      this.controller,
      run,
      this.coverage,
      this.ended,
      projects.onStatus((status) => {
        if (status.state === 'done') void this.load(status.uri);
      }),
      projects.onDocument(() => void this.refresh()),
      vscode.commands.registerCommand('ordain.proveExpectations', () => this.proveAll()),
      vscode.commands.registerCommand('ordain.runExpectation', (uri: string, name: string) => this.proveOne(uri, name)),
    ];
  }

  private async refresh(): Promise<void> {
    const roots = this.projects.all.map((status) => status.uri);
    for (const [id] of this.controller.items) if (!roots.includes(id)) this.controller.items.delete(id);
    for (const uri of roots) await this.load(uri);
  }

  /** Asks about a project and brings its items up to date. */
  private async load(root: string): Promise<Answer | undefined> {
    const answer = await this.server.ask('ordain.expectations', { uri: this.within(root) }).catch(() => undefined);
    if (!answer) return undefined;
    this.answers.set(root, answer);
    const status = this.projects.all.find((s) => s.uri === root);
    let project = this.controller.items.get(root);
    if (answer.expectations.length === 0) {
      this.controller.items.delete(root);
      return answer;
    }
    if (!project) {
      project = this.controller.createTestItem(root, status?.name || 'policy', vscode.Uri.parse(root));
      this.controller.items.add(project);
    }
    const files = byFile(answer.expectations);
    for (const [id] of project.children) if (!files.has(id)) project.children.delete(id);
    for (const [uri, expectations] of files) {
      const at = vscode.Uri.parse(uri);
      let file = project.children.get(uri);
      if (!file) {
        file = this.controller.createTestItem(uri, at.path.split('/').pop() ?? uri, at);
        project.children.add(file);
      }
      file.children.replace(expectations.map((e, i) => this.item(e, i)));
    }
    return answer;
  }

  private item(expectation: Expectation, order: number): vscode.TestItem {
    const item = this.controller.createTestItem(id(expectation), expectation.name, vscode.Uri.parse(expectation.uri));
    item.range = range(expectation.range);
    item.sortText = String(order).padStart(6, '0');
    return item;
  }

  private async proveAll(): Promise<void> {
    const document = this.projects.document;
    const root = document && this.projects.of(document.uri.toString())?.uri;
    if (root) await this.load(root);
    const items = [...this.controller.items].map(([, item]) => item).filter((item) => !root || item.id === root);
    if (items.length === 0) {
      void vscode.window.showInformationMessage('This policy has no expectations yet. Write one: expect "…" { permit when … }');
      return;
    }
    const first = items.flatMap((item) => leaves(item))[0];
    await vscode.commands.executeCommand('vscode.revealTestInExplorer', first ?? items[0]);
    await this.run(new vscode.TestRunRequest(items, undefined, this.coverage), undefined, true);
  }

  private async proveOne(uri: string, name: string): Promise<void> {
    const root = this.projects.of(uri)?.uri;
    if (!root) return;
    await this.load(root);
    const file = this.controller.items.get(root)?.children.get(uri);
    const item = file && [...file.children].map(([, i]) => i).find((i) => i.label === name);
    if (!item) return;
    await this.run(new vscode.TestRunRequest([item]), undefined, false);
    const told = this.answers.get(root)?.expectations.find((e) => e.uri === uri && e.name === name);
    if (told?.status === 'passed') vscode.window.setStatusBarMessage(`$(pass) “${name}” holds in all cases that it speaks of`, 6000);
    else if (told) void vscode.window.showWarningMessage(`“${name}” does not hold. ${told.message ?? ''}`);
  }

  private async run(request: vscode.TestRunRequest, token: vscode.CancellationToken | undefined, coverage: boolean): Promise<void> {
    await this.once(request, coverage);
    if (!request.continuous || !token) return;
    const again = this.projects.onStatus((status) => {
      if (status.state === 'done') void this.once(request, false);
    });
    token.onCancellationRequested(() => again.dispose());
  }

  private async once(request: vscode.TestRunRequest, coverage: boolean): Promise<void> {
    const run = this.controller.createTestRun(request);
    const ran: Ran = { passed: [], failed: [], covered: [], uncovered: [] };
    const roots = new Set<string>();
    for (const top of request.include ?? [...this.controller.items].map(([, item]) => item)) {
      let item = top;
      while (item.parent) item = item.parent;
      roots.add(item.id);
    }
    // The items may be other ones after asking, so they are found again by what they are called.
    const wanted = request.include?.map((item) => item.id);
    const left = new Set(request.exclude?.map((item) => item.id) ?? []);
    for (const root of roots) {
      const answer = await this.load(root);
      const project = this.controller.items.get(root);
      if (!answer || !project) {
        run.appendOutput('The policy has errors; its expectations are proved once they are gone.\r\n');
        continue;
      }
      for (const [, file] of project.children) {
        for (const [, item] of file.children) {
          const chain = [root, file.id, item.id];
          if (chain.some((c) => left.has(c)) || (wanted && !chain.some((c) => wanted.includes(c)))) continue;
          const told = answer.expectations.find((e) => id(e) === item.id);
          if (told) this.report(run, item, told, ran);
        }
      }
      if (coverage) this.cover(run, answer, ran);
    }
    run.end();
    this.last = ran;
    this.ended.fire(ran);
  }

  private report(run: vscode.TestRun, item: vscode.TestItem, told: Expectation, ran: Ran): void {
    if (told.status === 'passed') {
      ran.passed.push(told.name);
      run.passed(item);
      run.appendOutput(`holds: ${told.name}\r\n`, undefined, item);
      return;
    }
    ran.failed.push(told.name);
    const message = new vscode.TestMessage(told.message ?? 'It does not hold.');
    message.location = new vscode.Location(vscode.Uri.parse(told.uri), range(told.range));
    if (told.status === 'failed') run.failed(item, message);
    else run.errored(item, message);
    run.appendOutput(`fails: ${told.name}: ${(told.message ?? '').replace(/\r?\n/g, '\r\n')}\r\n`, message.location, item);
  }

  private cover(run: vscode.TestRun, answer: Answer, ran: Ran): void {
    for (const [uri, parts] of byFile(answer.coverage)) {
      run.addCoverage(new RuleCoverage(vscode.Uri.parse(uri), parts));
      for (const part of parts) (part.covered ? ran.covered : ran.uncovered).push(part.name);
    }
  }

  /** A document of the project, by which it is asked about: the root itself is a folder. */
  private within(root: string): string {
    const inside = vscode.workspace.textDocuments.find((d) => d.languageId === 'ordain' && this.projects.of(d.uri.toString())?.uri === root);
    return inside?.uri.toString() ?? root;
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }
}

function id(named: Named): string {
  return `${named.uri}#${named.name}`;
}

function byFile<T extends Named>(all: T[]): Map<string, T[]> {
  const files = new Map<string, T[]>();
  for (const one of all) files.set(one.uri, [...(files.get(one.uri) ?? []), one]);
  return files;
}

function isDeclaration(part: Covered): boolean {
  return part.kind === 'rule' || part.kind === 'exception';
}

function leaves(item: vscode.TestItem): vscode.TestItem[] {
  const below = [...item.children].map(([, child]) => child);
  return below.length === 0 ? [item] : below.flatMap(leaves);
}
