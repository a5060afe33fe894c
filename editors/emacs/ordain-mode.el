;;; ordain-mode.el --- Policies in Ordain -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "26.1"))
;; Keywords: languages
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Colours, indentation and comments for files ending in .ordain, and the language server `ordain-lsp' for Eglot and
;; lsp-mode.  With Emacs 29 and the tree-sitter grammar, `ordain-ts-mode' colours by structure.

;;; Code:

(defgroup ordain nil "Policies in Ordain." :group 'languages)

(defcustom ordain-server '("ordain-lsp")
  "The command of the language server."
  :type '(repeat string))

(defcustom ordain-indent-offset 2
  "How far in stands what is between braces."
  :type 'integer
  :safe #'integerp)

(defconst ordain--reserved
  '("policy" "use" "fact" "section" "rule" "exception" "duty" "period" "decision" "assume" "expect" "define" "permit"
    "forbid" "require" "oblige" "advise" "waive" "provided" "except" "when" "and" "or" "not" "is" "include" "includes")
  "Words that are always keywords.")

(defconst ordain--words
  '("role" "channel" "from" "to" "force" "until" "before" "after" "least" "most" "than" "exactly" "within" "between"
    "during" "outside" "any" "all" "none" "only" "of" "number" "date" "datetime" "set" "if" "some" "by" "undecided"
    "conflict" "obliges" "default" "source" "timezone" "yields" "cite" "because" "encoded" "under" "excludes" "allow"
    "weekdays" "weekends" "every")
  "Words that are keywords where one is expected, and mostly are.")

(defconst ordain--keywords
  `((,(regexp-opt ordain--reserved 'symbols) . font-lock-keyword-face)
    (,(concat (regexp-opt '("rule" "exception" "except" "duty") 'symbols) "[ \t\n]+\\(\\(?:\\sw\\|\\s_\\)+\\)")
     2 font-lock-function-name-face)
    (,(concat (regexp-opt '("fact" "define" "period" "decision") 'symbols) "[ \t\n]+\\(\\(?:\\sw\\|\\s_\\)+\\)")
     2 font-lock-variable-name-face)
    (,(regexp-opt ordain--words 'symbols) . font-lock-builtin-face)
    ("\\_<[0-9][0-9_.:-]*\\_>" . font-lock-constant-face))
  "What is coloured how.")

(defvar ordain-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?/ ". 124b" table)
    (modify-syntax-entry ?* ". 23" table)
    (modify-syntax-entry ?\n "> b" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    table)
  "Strings, comments and brackets of Ordain.")

(defun ordain-indent-line ()
  "Indent by the brackets that are open.
A line that goes on with the one before is one step further in."
  (interactive)
  (let* ((start (save-excursion (back-to-indentation) (point)))
         (state (save-excursion (syntax-ppss start)))
         (depth (- (car state) (if (memq (char-after start) '(?} ?\))) 1 0)))
         (goes-on (save-excursion
                    (goto-char start)
                    (looking-at (regexp-opt '("when" "and" "or" "to" "from" "provided" "because") 'symbols)))))
    (unless (or (nth 3 state) (nth 4 state))
      (let ((column (* ordain-indent-offset (max 0 (+ depth (if goes-on 1 0))))))
        (if (<= (current-column) (current-indentation))
            (indent-line-to column)
          (save-excursion (indent-line-to column)))))))

;;;###autoload
(define-derived-mode ordain-mode prog-mode "Ordain"
  "Policies in Ordain."
  (setq-local comment-start "// ")
  (setq-local comment-end "")
  (setq-local comment-start-skip "//+ *\\|/\\*+ *")
  (setq-local indent-tabs-mode nil)
  (setq-local indent-line-function #'ordain-indent-line)
  (setq-local electric-indent-chars (append "})" electric-indent-chars))
  (setq-local font-lock-defaults '(ordain--keywords)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.ordain\\'" . ordain-mode))

;; By structure, where Emacs has tree-sitter and the grammar.

(declare-function treesit-ready-p "treesit")
(declare-function treesit-parser-create "treesit")
(declare-function treesit-font-lock-rules "treesit")
(declare-function treesit-major-mode-setup "treesit")
(defvar treesit-font-lock-settings)
(defvar treesit-font-lock-feature-list)

;;;###autoload
(define-derived-mode ordain-ts-mode ordain-mode "Ordain"
  "Policies in Ordain, coloured by structure."
  (when (and (fboundp 'treesit-ready-p) (treesit-ready-p 'ordain))
    (treesit-parser-create 'ordain)
    (setq-local treesit-font-lock-feature-list '((comment) (keyword string) (name) (number)))
    (setq-local
     treesit-font-lock-settings
     (treesit-font-lock-rules
      :language 'ordain :feature 'comment
      '((comment) @font-lock-comment-face (doc_comment) @font-lock-doc-face)
      :language 'ordain :feature 'string '((string) @font-lock-string-face)
      :language 'ordain :feature 'keyword `([,@ordain--reserved ,@ordain--words] @font-lock-keyword-face)
      :language 'ordain :feature 'number '([(number) (date) (time)] @font-lock-constant-face)
      :language 'ordain :feature 'name
      '((rule name: (name) @font-lock-function-name-face)
        (exception name: (name) @font-lock-function-name-face)
        (except name: (name) @font-lock-function-name-face)
        (path (name) @font-lock-function-name-face)
        (node name: (name) @font-lock-type-face)
        (facts name: (name) @font-lock-variable-name-face)
        (define name: (name) @font-lock-variable-name-face))))
    (treesit-major-mode-setup)))

;; The server.

(defvar eglot-server-programs)
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs `((ordain-mode ordain-ts-mode) . ,ordain-server)))

(defvar lsp-language-id-configuration)
(declare-function lsp-register-client "lsp-mode")
(declare-function make-lsp-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp-activate-on "lsp-mode")
(with-eval-after-load 'lsp-mode
  (add-to-list 'lsp-language-id-configuration '(ordain-mode . "ordain"))
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection (lambda () ordain-server))
                    :activation-fn (lsp-activate-on "ordain")
                    :server-id 'ordain)))

(provide 'ordain-mode)
;;; ordain-mode.el ends here
