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
	"github.com/dlclark/regexp2/v2"
)

// Limits of highlighting. A longer block, or one that a lexer takes too long
// for, is shown without colours: nothing is lost by that.
const (
	maxHighlighted   = 16 << 10
	maxHighlightTime = time.Second // of one record's blocks together
	maxCachedBlocks  = 4096
)

// A highlighter turns code into HTML with chroma's classes; the theme's style
// sheet gives them colours for light and dark.
type highlighter struct {
	formatter *chromahtml.Formatter
	mu        sync.Mutex
	// Most code of a history stands in the checklist, and so in every record
	// again: the blocks seen are kept.
	seen   map[[2]string]string
	lexers map[string]chroma.Lexer
}

// steadyClock makes the colours of code depend less on how busy the machine is.
// chroma gives up an expression after 250 ms by a clock that is set ten times a
// second; a process that had to wait that long would lose colours by chance.
var steadyClock = sync.OnceFunc(func() { regexp2.SetTimeoutCheckPeriod(400 * time.Millisecond) })

func newHighlighter() *highlighter {
	steadyClock()
	return &highlighter{
		formatter: chromahtml.New(chromahtml.WithClasses(true), chromahtml.PreventSurroundingPre(true)),
		lexers:    lexersByName(),
		seen:      map[[2]string]string{},
	}
}

// spent is how long the blocks of one record have taken; it grows.
func (h *highlighter) html(language, code string, spent *time.Duration) string {
	key := [2]string{language, code}
	h.mu.Lock()
	out, ok := h.seen[key]
	h.mu.Unlock()
	if ok {
		return out
	}
	began := time.Now()
	out = h.highlight(language, code, maxHighlightTime-*spent)
	*spent += time.Since(began)
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.seen) < maxCachedBlocks {
		h.seen[key] = out
	}
	return out
}

// lexersByName lists chroma's languages by their names, in lower case. Asking
// chroma itself for one that it does not know is slow, and records name many:
// "log", "output".
func lexersByName() map[string]chroma.Lexer {
	m := map[string]chroma.Lexer{}
	for _, l := range lexers.GlobalLexerRegistry.Lexers {
		c := l.Config()
		for _, name := range append([]string{c.Name}, c.Aliases...) {
			if _, ok := m[strings.ToLower(name)]; !ok {
				m[strings.ToLower(name)] = l
			}
		}
	}
	return m
}

// lexer is nil where chroma does not know the language.
func (h *highlighter) lexer(language string) chroma.Lexer {
	return h.lexers[strings.ToLower(language)]
}

func (h *highlighter) highlight(language, code string, within time.Duration) string {
	// Wide code scrolls by itself; whoever uses the keyboard must reach it.
	const before, after = `<pre class="chroma" tabindex="0"><code>`, "</code></pre>\n"
	plain := before + html.EscapeString(code) + after
	lexer := h.lexer(language)
	if lexer == nil || len(code) > maxHighlighted || within <= 0 {
		return plain
	}
	tokens, err := lexer.Tokenise(nil, code)
	if err != nil {
		return plain
	}
	deadline, late := time.Now().Add(within), false
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
