package site

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
)

var (
	comments    = regexp.MustCompile(`(?s)<!--.*?-->`)
	shortcodes  = regexp.MustCompile(`:[a-z_]+:`)
	frontMatter = regexp.MustCompile(`(?s)\A\x{feff}?(---\n.*?\n---\n|\+\+\+\n.*?\n\+\+\+\n|\{\n.*?\n\}\n)`)
	fenceInfo   = regexp.MustCompile("(```|~~~)[a-z]+")
	allowedTags = regexp.MustCompile(`</?(img|kbd|details|summary|br|sub|sup)\b[^>]*>`)
	bullets     = regexp.MustCompile(`(?m)^\s*([-*+]|\d+[.)])(\s+([-*+]|\d+[.)]))*\s*(\[[xX]\])?`) // a list shows its own numbers
	ownLinks    = regexp.MustCompile(`\]\([^)]*\.md(#[^)]*)?\)`)                                   // files become pages
	entities    = regexp.MustCompile(`&#?[a-zA-Z0-9]+;`)
)

// wordsOf lists the words of a record's body as a reader sees them: without
// comments, marks written as shortcodes, and the names of code blocks' languages.
func wordsOf(source string) []string {
	source = strings.ReplaceAll(source, "\r\n", "\n")
	for _, drop := range []*regexp.Regexp{frontMatter, comments, shortcodes, entities} {
		source = drop.ReplaceAllString(source, " ")
	}
	for _, drop := range []*regexp.Regexp{fenceInfo, allowedTags, bullets, ownLinks} {
		source = drop.ReplaceAllString(source, " ")
	}
	return split(source)
}

func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// visibleText is the set of words in a page's text, links and pictures.
func visibleText(t *testing.T, page string) map[string]bool {
	t.Helper()
	set := map[string]bool{}
	add := func(s string) {
		for _, w := range split(s) {
			set[w] = true
		}
	}
	z := html.NewTokenizer(strings.NewReader(page))
	// Highlighting may cut a word into two spans: text is joined before it is split.
	var text strings.Builder
	for {
		switch z.Next() {
		case html.ErrorToken:
			add(text.String())
			return set
		case html.TextToken:
			text.Write(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			token := z.Token()
			if token.Data != "span" {
				text.WriteByte(' ')
			}
			for _, a := range token.Attr {
				switch a.Key {
				case "href", "src", "alt", "title", "datetime":
					add(a.Val)
				}
			}
		}
	}
}
