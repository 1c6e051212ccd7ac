package words

import (
	"html/template"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/themes"
)

// builtIn are the words that come with the tool.
var builtIn = []Layer{{FS: themes.Default()}}

func load(t *testing.T, language string) *Words {
	t.Helper()
	w, problems, err := Load(builtIn, language)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return w
}

// TestBuiltInLanguages holds every built-in file to the English one: no word
// missing or invented, and the same values in each.
func TestBuiltInLanguages(t *testing.T) {
	for _, name := range themes.Names {
		theme, _ := themes.BuiltIn(name)
		layers := []Layer{{FS: theme}, builtIn[0]}
		languages := languagesOf(layers)
		if strings.Join(languages, " ") != "de en ja" {
			t.Errorf("%s: languages are %v", name, languages)
		}
		for _, language := range languages {
			if w, problems, err := Load(layers, language); err != nil || len(problems) > 0 || w.Language != language {
				t.Errorf("%s: %s: %v %v", name, language, err, problems)
			}
		}
	}
}

// languagesOf lists the languages that layers have words for.
func languagesOf(layers []Layer) []string {
	found := map[string]bool{}
	for _, layer := range layers {
		files, _ := fs.ReadDir(layer.FS, "words")
		for _, f := range files {
			if name, ok := strings.CutSuffix(f.Name(), ".toml"); ok {
				found[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func TestLanguageIsChosen(t *testing.T) {
	for tag, want := range map[string]string{"de-AT": "de", "DE": "de", "ja-JP": "ja", "en-GB": "en", "fr": "en", "": "en", "not a tag": "en", "zh-Hant-TW": "en"} {
		if w := load(t, tag); w.Language != want {
			t.Errorf("%q gives words in %s, want %s", tag, w.Language, want)
		}
	}
}

func TestNumbersAndTimes(t *testing.T) {
	at := time.Date(2026, 3, 7, 14, 5, 0, 0, time.UTC)
	for language, want := range map[string]string{
		"en": "0 7 999 1,000 -12,345 1,234,567 | 7 Mar 2026 | 7 March 2026 | Sat 7 | March 2026 | 14:05 | Q1 2026 | under 1 min, 47 min, 3 h 5 min, 2 h, 2 d, 2 d 4 h",
		"de": "0 7 999 1.000 -12.345 1.234.567 | 7. März 2026 | 7. März 2026 | Sa 7. | März 2026 | 14:05 | 1. Quartal 2026 | unter 1 min, 47 min, 3 h 5 min, 2 h, 2 d, 2 d 4 h",
		"ja": "0 7 999 1,000 -12,345 1,234,567 | 2026年3月7日 | 2026年3月7日 | 7日（土） | 2026年3月 | 14:05 | 2026年第1四半期 | 1分未満, 47分, 3時間5分, 2時間, 2日, 2日4時間",
	} {
		w := load(t, language)
		var numbers, durations, all []string
		for _, n := range []int{0, 7, 999, 1000, -12345, 1234567} {
			numbers = append(numbers, w.Number(n))
		}
		for _, d := range []time.Duration{59 * time.Second, 47*time.Minute + 59*time.Second, 185 * time.Minute, 120 * time.Minute, 48*time.Hour + 30*time.Minute, 52*time.Hour + 30*time.Minute} {
			durations = append(durations, w.Duration(d))
		}
		all = append(all, strings.Join(numbers, " "))
		for _, layout := range []string{"day", "long", "weekday", "month", "clock", "quarter"} {
			all = append(all, w.Date(layout, at))
		}
		all = append(all, strings.Join(durations, ", "))
		if got := strings.Join(all, " | "); got != want {
			t.Errorf("%s:\n got %s\nwant %s", language, got, want)
		}
	}
}

// theme is a project's theme with files of words, over built-in English.
func theme(t *testing.T, language string, files map[string]string) (*Words, []problem.Problem) {
	t.Helper()
	own, base := fstest.MapFS{}, fstest.MapFS{"words/en.toml": {Data: []byte(`
[home]
hello  = "Hello {name}"
notes  = { one = "{count} note", other = "{count} notes" }
code   = "See ` + "`{file}`" + `, *now*, or [the list <1>](list)."
[dates]
day    = "{day} {month} {year}"
months = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
`)}}
	for name, source := range files {
		own[name] = &fstest.MapFile{Data: []byte(source)}
	}
	w, problems, err := Load([]Layer{{FS: own, Name: "themes/acme"}, {FS: base}}, language)
	if err != nil {
		t.Fatal(err)
	}
	return w, problems
}

func TestPluralForms(t *testing.T) {
	w, problems := theme(t, "pl", map[string]string{"words/pl.toml": `
home.notes = { one = "{count} notatka", few = "{count} notatki", many = "{count} notatek", other = "{count} notatki" }
`})
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "missing") {
		t.Errorf("problems are %v", problems)
	}
	for n, want := range map[int]string{1: "1 notatka", 3: "3 notatki", 5: "5 notatek", 22: "22 notatki", 112: "112 notatek"} {
		if got := w.N("home.notes", n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := w.T("home.hello", "name", "Noa"); got != "Hello Noa" {
		t.Errorf("a missing word is %q", got)
	}
}

func TestMarkup(t *testing.T) {
	w, _ := theme(t, "en", nil)
	got := w.Rich("home.code", "file", "<a&b>.md", "list", "x.html?a=\"")
	want := template.HTML("See <code>&lt;a&amp;b&gt;.md</code>, <em>now</em>, or <a href=\"x.html?a=&#34;\">the list &lt;1&gt;</a>.")
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := w.Rich("home.hello", "name", template.HTML("<b>Noa</b>")); got != "Hello <b>Noa</b>" {
		t.Errorf("a value that is HTML gives %s", got)
	}
	if got := w.T("home.hello", "name", "{count}"); got != "Hello {count}" {
		t.Errorf("a value with braces gives %s", got)
	}
}

// TestProblems gives a theme files with one mistake each.
func TestProblems(t *testing.T) {
	const whole = `
[home]
hello = "Hallo {name}"
notes = { one = "{count} Notiz", other = "{count} Notizen" }
code  = "Siehe {file}, [Liste](list)."
[dates]
day = "{day}.{month-padded}.{year}"
months = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
`
	replaced := func(old, new string) string {
		if !strings.Contains(whole, old) {
			t.Fatal("there is no " + old)
		}
		return strings.Replace(whole, old, new, 1)
	}
	for name, c := range map[string]struct{ source, want string }{
		"whole":            {whole, ""},
		"missing word":     {replaced(`hello = "Hallo {name}"`, ""), "words/de.toml: warning: words are missing, and shown in English: home.hello"},
		"missing months":   {replaced("months =", "#"), "words/de.toml: warning: words are missing, and shown in English: dates.months"},
		"unknown word":     {replaced("hello =", "helo = \"x\"\nhello ="), "words/de.toml:3: error: there is no word home.helo"},
		"unknown layout":   {replaced("months =", "dya = \"x\"\nmonths ="), "words/de.toml:8: error: there is no word dates.dya"},
		"lacks value":      {replaced("{name}", "du"), "words/de.toml:3: error: home.hello lacks {name}"},
		"invents value":    {replaced("{name}", "{name} {surname}"), "words/de.toml:3: error: home.hello has {surname}"},
		"lacks count":      {replaced("{count} Notizen", "Notizen"), "words/de.toml:4: error: home.notes lacks {count}"},
		"lacks link":       {replaced("[Liste](list)", "Liste"), "words/de.toml:5: error: home.code lacks {list}"},
		"foreign form":     {replaced("one =", "few = \"x\", one ="), `words/de.toml:4: error: home.notes: de has no plural form "few"`},
		"no form other":    {replaced(`{ one = "{count} Notiz", other = `, `{ one = `), `words/de.toml:4: error: home.notes lacks the plural form "other"`},
		"missing form":     {replaced(`one = "{count} Notiz", `, ""), `words/de.toml:4: error: home.notes lacks the plural form "one"`},
		"unknown field":    {replaced("{month-padded}", "{mm}"), "words/de.toml:7: error: dates.day has {mm}"},
		"eleven months":    {replaced(`"11", `, ""), "words/de.toml:8: error: dates.months has 11 texts"},
		"brace":            {replaced("Hallo {name}", "Hallo {name} {"), "words/de.toml:3: error: home.hello: a brace that holds no name"},
		"no text":          {replaced(`"Hallo {name}"`, "7"), "words/de.toml:3: error: home.hello is no text"},
		"no TOML":          {replaced(`"Hallo {name}"`, "Hallo"), "words/de.toml:3: error: not valid TOML"},
		"more than enough": {whole + strings.Repeat("#", maxFile), "words/de.toml: error: larger than 256 KiB"},
	} {
		_, problems := theme(t, "de", map[string]string{"words/de.toml": c.source})
		told := slices.ContainsFunc(problems, func(p problem.Problem) bool { return strings.HasPrefix(p.String(), "themes/acme/"+c.want) })
		if c.want == "" && len(problems) > 0 || c.want != "" && !told {
			t.Errorf("%s: problems are %v, want %q", name, problems, c.want)
		}
	}
}

// TestThemeAddsWords: a theme may add a word, and is told where nothing uses it
// or its translation was forgotten.
func TestThemeAddsWords(t *testing.T) {
	w, problems := theme(t, "de", map[string]string{"words/en.toml": "[home]\nhello = \"Hi {name}\"\nmotto = \"Slowly\"\n"})
	if w.Language != "en" || w.T("home.motto") != "Slowly" || w.T("home.hello", "name", "Noa") != "Hi Noa" || len(problems) > 0 {
		t.Errorf("%s, %q, %v", w.Language, w.T("home.motto"), problems)
	}
	layers := []Layer{{FS: fstest.MapFS{"words/en.toml": {Data: []byte("[home]\nmotto = \"Slowly\"\n")}}, Name: "themes/acme"}, builtIn[0]}
	unused := Unused(layers, map[string]bool{})
	if len(unused) != 1 || unused[0].Line != 2 || len(Unused(layers, map[string]bool{"home.motto": true})) != 0 {
		t.Errorf("unused words: %v", unused)
	}
	w, problems, err := Load(layers, "de")
	if err != nil || len(problems) != 1 || problems[0].File != "themes/acme/words/en.toml" || !strings.Contains(problems[0].Message, "words/de.toml") || w.T("home.motto") != "Slowly" {
		t.Errorf("a word that was not translated: %v, %v", problems, err)
	}
	// Another file of the project with German words is not to blame.
	ours := Layer{FS: fstest.MapFS{"words/de.toml": {Data: []byte("[home]\nhello = \"Moin {name}\"\n")}}, Name: "themes/default"}
	_, problems, err = Load([]Layer{layers[0], ours, layers[1]}, "de")
	told := slices.ContainsFunc(problems, func(p problem.Problem) bool {
		return p.File == "themes/acme/words/en.toml" && p.Line == 2 && strings.Contains(p.Message, "missing in themes/acme/words/de.toml, and shown in English: home.motto")
	})
	if err != nil || !told || slices.ContainsFunc(problems, func(p problem.Problem) bool {
		return p.File == "themes/default/words/de.toml" && strings.Contains(p.Message, "motto")
	}) {
		t.Errorf("the wrong file is named: %v, %v", problems, err)
	}
}

func TestDirection(t *testing.T) {
	for tag, want := range map[string]string{"ar": "rtl", "he": "rtl", "fa-IR": "rtl", "ur": "rtl", "ckb": "rtl", "az-Arab": "rtl", "az": "ltr", "de": "ltr", "ja": "ltr", "?": "ltr"} {
		if got := Direction(tag); got != want {
			t.Errorf("%s is %s, want %s", tag, got, want)
		}
	}
}

// TestOneFullStop: a value that ends a sentence gets no second full stop.
func TestOneFullStop(t *testing.T) {
	for value, want := range map[string]string{
		"Ship it.": "Die letzte: Ship it.", "Ship it!": "Die letzte: Ship it!", "(done.)": "Die letzte: (done.)",
		"Ship it": "Die letzte: Ship it.", "v1.2": "Die letzte: v1.2.", "a. b": "Die letzte: a. b.", "": "Die letzte: .",
		`<a href="x">Ship it.</a>`: `Die letzte: <a href="x">Ship it.</a>`, `<a href="x.">Ship it</a>`: `Die letzte: <a href="x.">Ship it</a>.`,
	} {
		if got := fill([]piece{{"Die letzte: ", "title"}, {".", ""}}, func(string) string { return value }); got != want {
			t.Errorf("%q: %q", value, got)
		}
	}
	if got := load(t, "en").Sentences([]string{"failed", "Issue: it broke.", "Lesson: look", "end"}); got != "failed. Issue: it broke. Lesson: look. end" {
		t.Error(got)
	}
}
