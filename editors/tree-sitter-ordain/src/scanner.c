// Words that are always keywords, and the comments that document.
//
// Why it exists: a generated lexer knows only the words that may stand at a place; anywhere else it reads `rule` as a
// name. Here such a word is what it is wherever it stands, so a line that is not finished yet ends before it.
// The order of the words is that of `externals` in grammar.js.

#include "tree_sitter/parser.h"

#include <string.h>

static const char *const RESERVED[] = {
    "policy",  "use",     "fact",    "section", "rule",   "exception", "duty",     "period", "decision",
    "assume",  "expect",  "define",  "permit",  "forbid", "require",   "oblige",   "advise", "waive",
    "provided", "except", "when",    "and",     "or",     "not",       "is",       "include", "includes",
};

enum { WORDS = sizeof RESERVED / sizeof RESERVED[0], DOC_COMMENT = WORDS, LONGEST = 9 };

static bool is_blank(int32_t c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0xa0 || c == 0xfeff;
}

// Letters beyond ASCII are left to the lexer, which knows them all.
static bool goes_on(int32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c >= 0x80;
}

static bool doc_comment(TSLexer *lexer) {
    for (int slashes = 0; slashes < 3; slashes++) {
        if (lexer->lookahead != '/') return false;
        lexer->advance(lexer, false);
    }
    if (lexer->lookahead == '/') return false;
    while (!lexer->eof(lexer) && lexer->lookahead != '\n' && lexer->lookahead != '\r') lexer->advance(lexer, false);
    lexer->result_symbol = DOC_COMMENT;
    return true;
}

bool tree_sitter_ordain_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
    (void)payload;
    (void)valid_symbols;
    while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
    if (lexer->lookahead == '/') return doc_comment(lexer);
    char word[LONGEST + 1] = {0};
    int length = 0;
    while (length < LONGEST && lexer->lookahead >= 'a' && lexer->lookahead <= 'z') {
        word[length++] = (char)lexer->lookahead;
        lexer->advance(lexer, false);
    }
    if (length == 0 || goes_on(lexer->lookahead)) return false;
    for (int i = 0; i < WORDS; i++) {
        if (strcmp(word, RESERVED[i]) == 0) {
            lexer->result_symbol = (TSSymbol)i;
            return true;
        }
    }
    return false;
}

// Nothing is remembered from one token to the next.
void *tree_sitter_ordain_external_scanner_create(void) { return NULL; }
void tree_sitter_ordain_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_ordain_external_scanner_serialize(void *payload, char *buffer) {
    (void)payload;
    (void)buffer;
    return 0;
}
void tree_sitter_ordain_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
    (void)payload;
    (void)buffer;
    (void)length;
}
