package site

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/deploysite/deploysite/themes"
)

// A project's rules stand behind all of those of the built-in themes.
func TestRulesAddUp(t *testing.T) {
	const own = ":root { --accent: hotpink; }"
	for _, name := range themes.Names {
		th, err := loadTheme(fstest.MapFS{"themes/" + name + "/assets/theme.css": {Data: []byte(own)}}, name, "en")
		if err != nil {
			t.Fatal(err)
		}
		plain, err := loadTheme(fstest.MapFS{}, name, "en")
		if err != nil {
			t.Fatal(err)
		}
		css, before := string(th.assets["site.css"].data), string(plain.assets["site.css"].data)
		if css != before+own {
			t.Errorf("%s: the site has %d bytes of rules; want the %d of the theme, then those of the project", name, len(css), len(before))
		}
		if _, ok := th.assets[themeStyle]; ok {
			t.Errorf("%s: %s is published by itself", name, themeStyle)
		}
	}
	ledger, err := loadTheme(fstest.MapFS{}, "ledger", "en")
	if err != nil {
		t.Fatal(err)
	}
	if css := string(ledger.assets["site.css"].data); strings.Count(css, "--margin-line:") != 1 {
		t.Error("the rules of the ledger are not there once")
	}
}
