package records

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const skimmable = "---\ndate: 2024-08-31T14:30:00Z\nfinished: 2024-08-31T15:30:00Z\nstatus: succeeded\nservice: a\nenvironment: p\nversion: v1\n---\n\n"

// A record that says in its body what it rolls back is never skimmed, however it says so:
// each letter of the label is replaced by each other that is read as it.
func TestNoRollbackIsSkimmed(t *testing.T) {
	skimmed := func(body string) bool {
		return Skim("d/2024-08-31-14-30-deployment.md", []byte(skimmable+body), Options{Dir: "d"}) != nil
	}
	if !skimmed("Nothing of the kind: the rollback was offered.\n\n- [x] α and 界\n") {
		t.Fatal("the record is not skimmed")
	}
	check := func(body string) (rollsBack bool) {
		full := Parse("d/2024-08-31-14-30-deployment.md", []byte(skimmable+body), Options{Dir: "d"})
		if !full.RollbackOf.IsZero() && skimmed(body) {
			t.Errorf("skimmed: %q", body)
		}
		return !full.RollbackOf.IsZero()
	}
	letters, found := "rolbackf", map[rune]int{}
	for r := rune(0x80); r < 0x20000; r++ {
		if 0x3400 <= r && r < 0xf900 { // ideographs, Hangul and what has no characters
			continue
		}
		if is := strings.ToLower(norm.NFKD.String(string(r))); len(is) == 1 && strings.Contains(letters, is) {
			if check("**" + strings.ReplaceAll("rollback of", is, string(r)) + ":** 2024-08-30-14-30\n") {
				found[rune(is[0])]++
			}
		}
		if unicode.In(r, unicode.Cf, unicode.Mn, unicode.Zs, unicode.Variation_Selector) {
			check("**Roll" + string(r) + "back" + string(r) + "of:** 2024-08-30-14-30\n")
		}
	}
	for _, letter := range letters {
		if found[letter] < 10 {
			t.Errorf("only %d spellings of %c were tried that are read", found[letter], letter)
		}
	}
	for _, form := range []string{
		"**Rollback&nbsp;of**: X", "Roll&shy;back of: X", "| Rollback of | X |\n|---|---|", "**Roll**back *of*: X", "Roll<b>back</b> of: X", "Roll<!-- a -->back of: X", "R<i title='>'>ollback</i> of: X",
		"[Roll](x)back of: X", "[Rollback of][a]: X\n\n[a]: y", "R&oscr;llback of: X", "R&#111;llback of: X", "- Rollback of: X", "> Rollback of: X", "`Rollback of`: X", "rollback_of: X", "<p>Rollback of: X</p>",
		"a < b\n\nRollback of: X", "Rollback of\u00a0: X", "🔁 Rollback of: X", "<!-- >\nRollback of: X\n-->", "R\\ollback of: X", "Rollback\\_of: X",
	} {
		check(strings.ReplaceAll(form, "X", "2024-08-30-14-30") + "\n")
	}
}
