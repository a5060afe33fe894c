// The rules of a project that something replaces, and what replaces them -> a tree beside the text that follows the cursor.

import * as vscode from 'vscode';
import { namedAround, open, range } from './places.js';
import type { Exception } from './protocol.js';
import type { Projects } from './projects.js';
import type { Server } from './server.js';

interface Node {
  rule: Exception;
  parent: Node | undefined;
  children: Node[];
}

export class ExceptionTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private roots: Node[] = [];
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Node>;
  private readonly parts: vscode.Disposable[];
  private asked = 0;

  constructor(private readonly server: Server, private readonly projects: Projects) {
    this.view = vscode.window.createTreeView('ordain.exceptions', { treeDataProvider: this });
    this.parts = [
      this.view,
      this.changed,
      projects.onStatus((status) => {
        const uri = projects.document?.uri.toString();
        if (status.state === 'done' && uri && projects.of(uri)?.uri === status.uri) void this.load();
      }),
      projects.onDocument(() => void this.load()),
      this.view.onDidChangeVisibility((e) => {
        if (e.visible) void this.load();
      }),
      vscode.window.onDidChangeTextEditorSelection((e) => void this.follow(e.textEditor)),
      vscode.commands.registerCommand('ordain.showExceptions', () => vscode.commands.executeCommand('ordain.exceptions.focus')),
      vscode.commands.registerCommand('ordain.collapseExceptions', () =>
        vscode.commands.executeCommand('workbench.actions.treeView.ordain.exceptions.collapseAll')),
      vscode.commands.registerCommand('ordain.openRule', (rule: Exception) => open(vscode.Uri.parse(rule.uri), range(rule.range), false)),
    ];
  }

  /** The rules with their exceptions, as shown: for tests. */
  get shown(): Exception[] {
    return this.roots.map((n) => n.rule);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const { name, text, verdict, relation } = node.rule;
    // What stands within its rule is told apart by its last name.
    const above = node.parent ? `${node.parent.rule.name}.` : '';
    const item = new vscode.TreeItem(above && name.startsWith(above) ? name.slice(above.length) : name);
    item.id = path(node);
    if (node.children.length > 0) item.collapsibleState = vscode.TreeItemCollapsibleState.Expanded;
    item.description = relation === 'yields' ? `yields · ${text}` : text;
    item.iconPath = icon(verdict);
    const tip = new vscode.MarkdownString();
    tip.appendMarkdown('**').appendText(name).appendMarkdown(`** ${verdict}\n\n`).appendText(text);
    if (node.parent) tip.appendMarkdown(relation === 'yields' ? '\n\nis silent where this policy speaks: ' : '\n\nreplaces where it applies: ').appendText(node.parent.rule.name);
    item.tooltip = tip;
    item.command = { command: 'ordain.openRule', title: 'Open the Rule', arguments: [node.rule] };
    item.accessibilityInformation = { label: `${name}, ${verdict}, ${text}` };
    return item;
  }

  getChildren(node?: Node): Node[] {
    return node ? node.children : this.roots;
  }

  getParent(node: Node): Node | undefined {
    return node.parent;
  }

  private async load(): Promise<void> {
    if (!this.view.visible && this.roots.length === 0) return;
    const asked = ++this.asked;
    const document = this.projects.document;
    const answer = document && await this.server.ask('ordain.exceptions', { uri: document.uri.toString() }).catch(() => undefined);
    if (asked !== this.asked) return;
    // While a text cannot be understood the rules stay as they were.
    if (document && !answer && this.roots.length > 0) return;
    const grow = (parent: Node | undefined) => (rule: Exception): Node => {
      const node: Node = { rule, parent, children: [] };
      node.children = rule.children.map(grow(node));
      return node;
    };
    this.roots = (answer?.roots ?? []).map(grow(undefined));
    const status = document && this.projects.of(document.uri.toString());
    this.view.description = status?.name ?? '';
    this.changed.fire(undefined);
    const editor = vscode.window.activeTextEditor;
    if (editor) void this.follow(editor);
  }

  private async follow(editor: vscode.TextEditor): Promise<void> {
    if (!this.view.visible || editor.document.languageId !== 'ordain') return;
    const all: Node[] = [];
    const gather = (nodes: Node[]): void => nodes.forEach((node) => { all.push(node); gather(node.children); });
    gather(this.roots);
    const [rule] = await namedAround(editor.document, editor.selection.active, all.map((node) => node.rule));
    const found = rule && all.find((node) => node.rule === rule);
    if (found && this.roots.length > 0 && this.view.selection[0] !== found) await this.view.reveal(found, { select: true, focus: false });
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }
}

function path(node: Node): string {
  const own = `${node.rule.name}@${node.rule.uri}:${node.rule.range.start.line}:${node.rule.range.start.character}`;
  return node.parent ? `${path(node.parent)} ${own}` : own;
}

function icon(verdict: string): vscode.ThemeIcon {
  switch (verdict) {
    case 'permit': return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
    case 'forbid': return new vscode.ThemeIcon('circle-slash', new vscode.ThemeColor('testing.iconFailed'));
    case 'require': return new vscode.ThemeIcon('checklist', new vscode.ThemeColor('charts.blue'));
    case 'oblige': return new vscode.ThemeIcon('megaphone', new vscode.ThemeColor('charts.purple'));
    case 'advise': return new vscode.ThemeIcon('info', new vscode.ThemeColor('charts.foreground'));
    case 'waive': return new vscode.ThemeIcon('dash', new vscode.ThemeColor('charts.foreground'));
    case '': return new vscode.ThemeIcon('law');
    default: return new vscode.ThemeIcon('symbol-enum-member');
  }
}
