package site

import (
	"bytes"
	"errors"
	"io/fs"
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

// A theme that is damaged is named, with the file, and nothing of it is left out in
// silence.
func TestDamagedThemes(t *testing.T) {
	page := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	pipe := &fstest.MapFile{Mode: fs.ModeNamedPipe}
	tests := []struct {
		file string
		is   *fstest.MapFile
		want string
	}{
		{"themes/x", page(""), "themes/x: is a file, and should be a folder"},
		{"themes/x", pipe, "themes/x: is a named pipe, and should be a folder"},
		{"themes/x", &fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte("nowhere")}, "themes/x: is a link that leads nowhere"},
		{"themes/x/assets", page(""), "themes/x/assets: it is a file, and should be a folder"},
		{"themes/x/assets", pipe, "themes/x/assets: it is a named pipe, and should be a folder"},
		{"themes/x/templates", pipe, "themes/x/templates: it is a named pipe, and should be a folder"},
		{"themes/x/assets/more.js", pipe, "themes/x/assets/more.js: it is a named pipe, not a regular file"},
		{"themes/x/templates/new.html", pipe, "themes/x/templates/new.html: it is a named pipe, not a regular file"},
		{"themes/x/templates/home.html", page(""), `themes/x/templates/home.html: does not define "main"`},
		{"themes/x/templates/layout.html", page(""), `themes/x/templates/layout.html: does not define "layout"`},
		{"themes/x/templates/parts.html", page(""), `themes/x/templates/parts.html: does not define "row"`},
		{"themes/x/templates/home.html", page("\n{{t \"no.word\"}}"), `themes/x/templates/home.html:2: there is no word "no.word"`},
		{"themes/x/templates/home.html", page("{{define \"main\"}}\n{{nothing}}"), `themes/x/templates/home.html:2: function "nothing" not defined`},
	}
	for _, test := range tests {
		project := fstest.MapFS{test.file: test.is}
		if test.file != "themes/x" {
			project["themes/x"] = &fstest.MapFile{Mode: fs.ModeDir}
		}
		_, err := loadTheme(project, "x", "en")
		var located *TemplateError
		if !errors.As(err, &located) || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(located.Problem.File, "themes/x") {
			t.Errorf("%s: %v; want a problem with a file: %s", test.file, err, test.want)
		}
	}
}

// What lies in a theme and is no part of it is named; what is for people is not.
func TestNothingOfAThemeIsLeftOutInSilence(t *testing.T) {
	for file, is := range map[string]string{
		"template/home.html": "template", "css/theme.css": "css", "theme.css": "theme.css", "theme.html": "theme.html", "en.toml": "en.toml",
		"assets/fonts/ours.woff2": "assets/fonts", "templates/homme.html": "templates/homme.html", "templates/parts/row.html": "templates/parts",
		"README.md": "", "LICENSE": "", ".git/config": "", "assets/ours.woff2": "", "templates/theme.html": "", "templates/.home.html.swp": "", "templates/home.html~": "", "words/fr.toml": "",
	} {
		text := ""
		if file == "templates/homme.html" {
			text = `{{define "main"}}{{end}}`
		}
		th, err := loadTheme(fstest.MapFS{"themes/ours/" + file: {Data: []byte(text)}}, "ours", "en")
		if err != nil {
			t.Fatal(file, err)
		}
		var found []string
		for _, p := range th.problems {
			found = append(found, strings.TrimPrefix(p.File, "themes/ours/"))
		}
		if strings.Join(found, " ") != is {
			t.Errorf("%s: problems %v; want %q", file, th.problems, is)
		}
	}
}

// A template that repeats itself is stopped.
func TestEndlessPage(t *testing.T) {
	th, err := loadTheme(fstest.MapFS{"themes/x/templates/home.html": {Data: []byte(
		`{{define "main"}}{{range 1000000}}` + strings.Repeat("x", 1<<20) + `{{end}}{{end}}`)}}, "x", "en")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := th.templates["home"].ExecuteTemplate(&bounded{&b, 10 << 20}, "main", nil); err == nil {
		t.Error("there was no end")
	}
	if b.Len() > 10<<20 {
		t.Errorf("%d bytes were written; want at most 10 MiB", b.Len())
	}
}
