package site

import (
	"html"
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2"
	chromahtml "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/alecthomas/chroma/v2/styles"
)

// Limits of highlighting. A longer block, or one that a lexer takes too long
// for, is shown without colours: nothing is lost by that.
const (
	maxHighlighted   = 32 << 10
	maxHighlightTime = time.Second
	maxCachedBlocks  = 4096
)

// A highlighter turns code into HTML with chroma's classes; the theme's style
// sheet gives them colours for light and dark.
type highlighter struct {
	formatter *chromahtml.Formatter
	mu        sync.Mutex
	// Most code of a history stands in the checklist, and so in every record
	// again: the blocks seen are kept.
	seen map[[2]string]string
	// Asking chroma for a language that it does not know is slow, and records
	// name many: "log", "output".
	lexers map[string]chroma.Lexer
}

func newHighlighter() *highlighter {
	return &highlighter{
		formatter: chromahtml.New(chromahtml.WithClasses(true), chromahtml.PreventSurroundingPre(true)),
		lexers:    map[string]chroma.Lexer{},
		seen:      map[[2]string]string{},
	}
}

func (h *highlighter) html(language, code string) string {
	key := [2]string{language, code}
	h.mu.Lock()
	out, ok := h.seen[key]
	h.mu.Unlock()
	if ok {
		return out
	}
	out = h.highlight(language, code)
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.seen) < maxCachedBlocks {
		h.seen[key] = out
	}
	return out
}

// lexer is nil where chroma does not know the language.
func (h *highlighter) lexer(language string) chroma.Lexer {
	h.mu.Lock()
	defer h.mu.Unlock()
	l, ok := h.lexers[language]
	if !ok && language != "" {
		l = lexers.Get(language)
		if len(h.lexers) < maxCachedBlocks {
			h.lexers[language] = l
		}
	}
	return l
}

func (h *highlighter) highlight(language, code string) string {
	// Wide code scrolls by itself; whoever uses the keyboard must reach it.
	const before, after = `<pre class="chroma" tabindex="0"><code>`, "</code></pre>\n"
	plain := before + html.EscapeString(code) + after
	lexer := h.lexer(language)
	if lexer == nil || len(code) > maxHighlighted {
		return plain
	}
	tokens, err := lexer.Tokenise(nil, code)
	if err != nil {
		return plain
	}
	deadline, late := time.Now().Add(maxHighlightTime), false
	var b strings.Builder
	err = h.formatter.Format(&b, styles.Fallback, func() chroma.Token {
		if late = late || time.Now().After(deadline); late {
			return chroma.EOF
		}
		return tokens()
	})
	if err != nil || late {
		return plain
	}
	return before + b.String() + after
}
