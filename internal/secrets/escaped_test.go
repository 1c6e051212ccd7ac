package secrets

import (
	"fmt"
	"testing"
)

// A secret may be written with escapes of Markdown or HTML, which a page shows without.
func TestEscapedSecrets(t *testing.T) {
	m := newMaker(7)
	key, pass := "AKIA"+m.upper(16), m.word()
	for text, want := range map[string]string{
		fmt.Sprintf("the key is %s&#x%X;%s here", key[:4], key[4], key[5:]): "the key is ‹secret-removed:aws-access-token› here",
		`- DB\_PASSWORD=` + pass + " ":                                      `- DB\_PASSWORD=‹secret-removed:password› `,
		"&quot;password&quot;: &quot;" + pass + "&quot;":                    "&quot;password&quot;: &quot;‹secret-removed:password›&quot;",
		`a\_b &amp; c`: `a\_b &amp; c`,
	} {
		checkSound(t, []byte(text))
		if got := (Finder{}).Text(text); got != want {
			t.Errorf("%s\nbecomes\n%s\nnot\n%s", text, got, want)
		}
	}
}
