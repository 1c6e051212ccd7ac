package render

import (
	"errors"
	"fmt"
	"html"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alecthomas/chroma/v2"
	chromahtml "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/dlclark/regexp2/v2"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/secrets"
)

// Limits of highlighting. A longer block, or one that a lexer takes too long
// for, is shown without colours: nothing is lost by that.
const (
	maxHighlighted   = 16 << 10
	maxHighlightTime = time.Second // of one record's blocks together
	maxCachedBlocks  = 4096
	maxLateLexers    = 4 // that go on in the background
)

// Highlighter turns code into HTML with chroma's classes. The theme's style sheet has
// their colours, for light and dark.
type Highlighter struct {
	formatter *chromahtml.Formatter
	mu        sync.Mutex
	// Most code of a history stands in the checklist, and so in every record
	// again: the blocks seen are kept.
	seen   map[[2]string]colouredCode
	lexers map[string]chroma.Lexer
	// A lexer cannot be stopped before its first token, and some never give one.
	// Too many of those that run on, and all code is shown without colours.
	late atomic.Int32
}

// noStyle is a style without colours, since classes stand for them. chroma's own styles
// cost each start of the program more than this.
var noStyle = chroma.MustNewStyle("none", nil)

// colouredCode is a block as HTML. why says why it has no colours although its
// language is known; it is empty where nothing went wrong.
type colouredCode struct{ html, why string }

// steadyClock makes the colours of code depend less on how busy the machine is.
// chroma gives up an expression after 250 ms by a clock that is set ten times a
// second; a process that had to wait that long would lose colours by chance.
var steadyClock = sync.OnceFunc(func() { regexp2.SetTimeoutCheckPeriod(400 * time.Millisecond) })

// NewHighlighter makes a highlighter, which several goroutines may use.
func NewHighlighter() *Highlighter {
	steadyClock()
	return &Highlighter{
		formatter: chromahtml.New(chromahtml.WithClasses(true), chromahtml.PreventSurroundingPre(true)),
		lexers:    lexersByName(),
		seen:      map[[2]string]colouredCode{},
	}
}

// html gives a block its colours. spent is how long the blocks of one record have
// taken; it grows.
func (h *Highlighter) html(language, code string, spent *time.Duration) colouredCode {
	key := [2]string{language, code}
	h.mu.Lock()
	out, ok := h.seen[key]
	h.mu.Unlock()
	if ok {
		return out
	}
	began, left := time.Now(), maxHighlightTime-*spent
	out = h.highlight(language, code, left)
	*spent += time.Since(began)
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.seen) < maxCachedBlocks && left > 0 {
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

func (h *Highlighter) highlight(language, code string, within time.Duration) colouredCode {
	// Wide code scrolls by itself; whoever uses the keyboard must reach it.
	const before, after = `<pre class="chroma" tabindex="0"><code>`, "</code></pre>\n"
	plain := before + html.EscapeString(code) + after
	lexer := h.lexers[strings.ToLower(language)] // nil where chroma does not know the language
	if lexer == nil || len(code) > maxHighlighted {
		return colouredCode{plain, ""}
	}
	colours, why := h.colours(lexer, code, within)
	if why != "" {
		return colouredCode{plain, why}
	}
	return colouredCode{before + colours + after, ""}
}

// colours runs a lexer of chroma over code. why is not empty where there are no
// colours.
func (h *Highlighter) colours(lexer chroma.Lexer, code string, within time.Duration) (colours, why string) {
	const tooSlow = "its colours take too long"
	switch {
	case within <= 0:
		return "", "the blocks above it took all the time that a record has for colours"
	case h.late.Load() >= maxLateLexers:
		return "", "the colours of others take too long"
	}
	deadline := time.Now().Add(within)
	done := make(chan struct{})
	var out string
	var err error
	go func() {
		defer close(done)
		out, err = h.format(lexer, code, deadline)
	}()
	// The lexer looks at the deadline between two tokens; this is for one that
	// works long on the first.
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		h.late.Add(1)
		go func() { <-done; h.late.Add(-1) }()
		return "", tooSlow
	}
	switch {
	case err != nil:
		return "", fmt.Sprintf("the lexer of %s fails on it: %v", lexer.Config().Name, err)
	case !time.Now().Before(deadline):
		return "", tooSlow
	}
	return out, ""
}

// format is chroma's work. Its lexers report errors by a panic.
func (h *Highlighter) format(lexer chroma.Lexer, code string, deadline time.Time) (out string, err error) {
	defer guard(&err)
	tokens, err := lexer.Tokenise(nil, code)
	if err != nil {
		return "", err
	}
	tokens = wholeMarks(tokens, lineFeeds.Replace(code))
	late := false
	var b, text strings.Builder
	err = h.formatter.Format(&b, noStyle, func() chroma.Token {
		if late = late || time.Now().After(deadline); late {
			return chroma.EOF
		}
		token := tokens()
		text.WriteString(token.Value)
		return token
	})
	// Some lexers lose a line break, or write a blank twice.
	if err == nil && !late && strings.TrimSuffix(text.String(), "\n") != strings.TrimSuffix(lineFeeds.Replace(code), "\n") {
		err = errors.New("it changes the text")
	}
	return b.String(), err
}

// wholeMarks keeps the marks of secrets in one token each, which a lexer may take for
// several.
func wholeMarks(tokens chroma.Iterator, code string) chroma.Iterator {
	marks := secrets.Marks(code)
	if len(marks) == 0 {
		return tokens
	}
	var rest chroma.Token // of a token that was cut
	at := 0
	return func() chroma.Token {
		token := rest
		if rest = chroma.EOF; token == chroma.EOF || token.Value == "" {
			token = tokens()
		}
		for len(marks) > 0 && marks[0][1] <= at {
			marks = marks[1:]
		}
		if len(marks) == 0 || token == chroma.EOF || at+len(token.Value) <= marks[0][0] {
			at += len(token.Value)
			return token
		}
		start, end := marks[0][0], marks[0][1]
		if at < start {
			rest = chroma.Token{Type: token.Type, Value: token.Value[start-at:]}
			token.Value = token.Value[:start-at]
			at = start
			return token
		}
		for at+len(token.Value) < end {
			next := tokens()
			if next == chroma.EOF {
				break
			}
			token.Value += next.Value
		}
		if cut := end - at; cut < len(token.Value) {
			rest = chroma.Token{Type: token.Type, Value: token.Value[cut:]}
			token.Value = token.Value[:cut]
		}
		token.Type = chroma.Text
		at = end
		return token
	}
}

// lineFeeds ends lines as chroma does.
var lineFeeds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// foldedLines is how many lines of code or of a log are shown at once; longer ones are
// folded.
const foldedLines = 30

func (b *Body) codeBlock(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	var language string
	if n, ok := node.(*ast.FencedCodeBlock); ok {
		language = string(n.Language(source))
	}
	coloured := b.code.html(language, string(node.Lines().Value(source)), &b.spent)
	if coloured.why != "" && !b.excerpt {
		b.at.Warn(problem.PlainCode, blockOffset(node), "the code is shown without colours: "+coloured.why, "name another language behind the fence, or none")
	}
	if n := node.Lines().Len(); n > foldedLines {
		b.write(`<details class="long"><summary>`, html.EscapeString(b.words.N("counts.lines", n)), "</summary>", coloured.html, "</details>\n")
		return ast.WalkContinue, nil
	}
	_, err := w.WriteString(coloured.html)
	return ast.WalkContinue, err
}
