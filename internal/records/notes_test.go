package records

import (
	"fmt"
	"strings"
	"testing"
)

// TestIssuesByOtherHeadings has headings of issues, and of single ones below, in other
// words and languages, and such as are about something else.
func TestIssuesByOtherHeadings(t *testing.T) {
	for body, want := range map[string]string{
		"## Issues encountered and resolutions\n\n**Port taken**\nMoved it.\n\n**No network**\nJoined it.\n": "2 issues",
		"## Problems and their fixes\n\n- a\n- b\n":                                                          "2 issues",
		"## Probleme und Lösungen\n\n- a\n":                                                                  "1 issues",
		"## Problèmes rencontrés et solutions\n\n- a\n":                                                      "1 issues",
		"## Problemas encontrados y soluciones\n\n- a\n":                                                     "1 issues",
		"## 発生した問題と対応\n\n- a\n":                                                                              "1 issues",
		"## 遇到的问题及解决方案\n\n- a\n":                                                                             "1 issues",
		"## Problèmes rencontrés\n\n### Tentative 1 : par la console\n\n**Cause** : le délai\n\nTexte.\n\n### Tentative 2 : à la main\n\nÇa marche.\n": "2 issues: 1 par la console, 2 à la main",
		"## Probleme\n\n### Versuch Nr. 1 – ohne Cache\n\nText.\n":                                                                                     "1 issues: 1 ohne Cache",
		"## 遇到的问题\n\n### 问题1：端口冲突\n\n改端口。\n\n重启。\n":                                                                                                    "1 issues: 1 端口冲突",

		"## Known issues and workarounds\n\n- a\n":                      "0 issues",
		"## Troubleshooting: problems and solutions\n\n- a\n":           "0 issues",
		"## Solutions\n\n- a\n":                                         "0 issues",
		"## Attempt 1: by hand\n\nText.\n":                              "0 issues",
		"## Frequently seen problems and how to report them\n\n- a\n":   "0 issues",
		"## Issues\n\n### Attempts\n\n- a\n- b\n\n### Error 500\n\nc\n": "3 issues",
	} {
		r := Parse(recordName1, []byte("# T\n\n"+body), Options{})
		n, titles := 0, []string{}
		for _, note := range r.Notes {
			n++
			if note.Issue != nil {
				titles = append(titles, note.Issue.Number+" "+note.Issue.Title)
			}
		}
		got := fmt.Sprintf("%d issues", n)
		if len(titles) > 0 {
			got += ": " + strings.Join(titles, ", ")
		}
		if got != want {
			t.Errorf("%q has %s, want %s", body, got, want)
		}
	}
}
