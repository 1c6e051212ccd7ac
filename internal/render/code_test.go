package render

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/chroma/v2/lexers"
)

// commentForms are begun as in most languages. Some lexers fail on their own.
var commentForms = []string{"// c\n# c\n-- c\n; c\n% c\n", "/* c /* d */ e */\n", "<!-- c -->\n(* c *)\n{- c -}\n"}

var tags = regexp.MustCompile(`<[^>]*>`)

// shownCode is what a reader sees of a block.
func shownCode(out string) string {
	return strings.TrimRight(html.UnescapeString(tags.ReplaceAllString(out, "")), "\n")
}

// Whatever a lexer makes of a text, the text itself is shown.
func TestEveryLexerKeepsTheText(t *testing.T) {
	h := NewHighlighter()
	for _, lexer := range lexers.GlobalLexerRegistry.Lexers {
		name := lexer.Config().Name
		for _, code := range append(commentForms, "a = \"b\"\nif (c) { d }\n", "<% e %>\n") {
			var spent time.Duration
			if got := shownCode(h.html(name, code, &spent).html); got != strings.TrimRight(code, "\n") {
				t.Errorf("%s shows %q as %q", name, code, got)
			}
		}
	}
}

func TestLexerThatFails(t *testing.T) {
	var spent time.Duration
	out := NewHighlighter().html("yang", "/* c /* d */ */\nleaf a;\n", &spent)
	if !strings.Contains(out.html, "/* c /* d */ */\nleaf a;") || !strings.Contains(out.why, "the lexer of YANG fails on it") {
		t.Errorf("got %+v", out)
	}
}

// Such a text keeps its lexer busy for seconds before there is a first token.
func TestLexerThatIsSlowToBegin(t *testing.T) {
	spent := maxHighlightTime - 50*time.Millisecond
	out := NewHighlighter().html("erb", strings.Repeat("<%", 8<<10), &spent)
	if out.why != "its colours take too long" || !strings.Contains(out.html, "&lt;%&lt;%") {
		t.Errorf("why is %q", out.why)
	}
}

func FuzzHighlight(f *testing.F) {
	for _, code := range commentForms {
		f.Add("yang", code)
	}
	f.Add("erb", "<% if a %>b<% end %>")
	f.Add("php", "<?php // c ?>")
	h := NewHighlighter()
	f.Fuzz(func(t *testing.T, language, code string) {
		if strings.ContainsAny(code, "\r\x00") || len(code) > maxHighlighted {
			return
		}
		var spent time.Duration
		if got := shownCode(h.html(language, code, &spent).html); got != strings.TrimRight(strings.ToValidUTF8(code, "\ufffd"), "\n") && got != strings.TrimRight(code, "\n") {
			t.Errorf("%s shows %q as %q", language, code, got)
		}
	})
}
