package site

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"golang.org/x/net/html"
	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/themes"
)

// translated is a history that fills the pages, in words that no language has.
// Its record IDs and slugs cannot be taken for words of the site.
const translatedFile = "testdata/translated.txtar"

// flat are the texts of a file of words, by key.
func flat(t *testing.T, theme fs.FS, language string) map[string][]string {
	t.Helper()
	source, err := fs.ReadFile(theme, "words/"+language+".toml")
	if err != nil {
		t.Fatal(err)
	}
	var table map[string]any
	if err := toml.Unmarshal(source, &table); err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	var walk func(prefix string, v any)
	walk = func(prefix string, v any) {
		switch v := v.(type) {
		case string:
			out[prefix] = append(out[prefix], v)
		case []any:
			for _, item := range v {
				walk(prefix, item)
			}
		case map[string]any:
			for name, item := range v {
				if prefix == "" {
					walk(name, item)
				} else if _, plural := v["other"]; plural {
					walk(prefix, item)
				} else {
					walk(prefix+"."+name, item)
				}
			}
		}
	}
	walk("", table)
	return out
}

var valueOrMarkup = regexp.MustCompile("\\{[a-z0-9-]+\\}|`[^`]*`|\\]\\([a-z0-9-]+\\)|[\\[*]")

// pieces are the literal parts of texts that somebody could recognize.
func pieces(texts map[string][]string) map[string]bool {
	out := map[string]bool{}
	for _, list := range texts {
		for _, text := range list {
			for _, piece := range valueOrMarkup.Split(text, -1) {
				if piece = strings.Trim(piece, " .,:;()–“”%"); len(piece) > 1 {
					out[piece] = true
				}
			}
		}
	}
	return out
}

// told are the texts of a page that a reader sees or hears. What is code, and
// what says that it is English, is left out.
func told(t *testing.T, page string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			out = append(out, n.Data)
		}
		for _, a := range n.Attr {
			switch a.Key {
			case "aria-label", "title", "placeholder", "alt":
				out = append(out, a.Val)
			case "lang":
				if a.Val == "en" && n.Data != "html" {
					return
				}
			}
		}
		if n.Type == html.ElementNode && slices.Contains([]string{"code", "pre", "kbd", "script"}, n.Data) {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return out
}

// leftOver are the pieces that pages hold: as a whole text, or within one where
// they are long enough to be no chance.
func leftOver(t *testing.T, out Output, pieces map[string]bool) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, f := range out.Files {
		if !strings.HasSuffix(f.Path, ".html") {
			continue
		}
		for _, text := range told(t, page(t, out, f.Path)) {
			trimmed := strings.Trim(text, " \n.,:;()–“”%0123456789")
			if pieces[trimmed] {
				found[trimmed] = f.Path
			}
			for piece := range pieces {
				if strings.Contains(piece, " ") && len(piece) > 7 && strings.Contains(text, piece) {
					found[piece] = f.Path
				}
			}
		}
	}
	return found
}

// TestNoEnglishIsLeft builds a history in each language and looks for English
// words on every page.
func TestNoEnglishIsLeft(t *testing.T) {
	archive, err := txtar.ParseFile(translatedFile)
	if err != nil {
		t.Fatal(err)
	}
	in := func(language string) Output {
		files := append(slices.Clone(archive.Files), txtar.File{Name: "deploysite.toml", Data: []byte("title = \"Zqx\"\ndocuments = \"manual\"\nlanguage = \"" + language + "\"\n")})
		_, out := load(t, write(t, files))
		checkLinks(t, out)
		return out
	}
	english := pieces(flat(t, themes.Default(), "en"))
	onEnglish := leftOver(t, in("en"), english)
	t.Logf("%d of %d pieces of English are on the pages", len(onEnglish), len(english))
	if len(onEnglish) < 200 {
		t.Errorf("the English site shows only %d of the words; what this test looks at has become too little", len(onEnglish))
	}
	for _, language := range []string{"de", "ja"} {
		wanted := maps.Clone(english)
		for _, texts := range flat(t, themes.Default(), language) { // words that both languages have are no sign
			all := strings.Join(texts, "\n")
			maps.DeleteFunc(wanted, func(piece string, _ bool) bool { return strings.Contains(all, piece) })
		}
		for piece, path := range leftOver(t, in(language), wanted) {
			t.Errorf("%s: %s says %q", language, path, piece)
		}
	}
}

// TestEveryWordIsUsed holds the English words, templates, scripts and Go code
// to each other: a key that is named must be there, and one that is there must
// be named.
func TestEveryWordIsUsed(t *testing.T) {
	literals, named := goLiterals(t)
	texts := flat(t, themes.Default(), "en")
	for _, name := range themes.Names {
		th, err := loadTheme(os.DirFS(t.TempDir()), name, "en")
		if err != nil {
			t.Fatal(err) // a template or script names a word that there is not
		}
		theme, _ := themes.BuiltIn(name)
		for key := range flat(t, theme, "en") {
			table, name, _ := strings.Cut(key, ".")
			used := th.used[key] || literals[key] || table == "dates" && literals[name]
			for prefix := range literals {
				used = used || strings.HasSuffix(prefix, ".") && strings.HasPrefix(key, prefix)
			}
			if !used {
				t.Errorf("%s: nothing names the word %s", name, key)
			}
		}
	}
	for key, place := range named {
		if texts[key] == nil {
			t.Errorf("%s: there is no word %s", place, key)
		}
	}
}

// TestFacetsHaveWords holds the words of facets to the table of these.
func TestFacetsHaveWords(t *testing.T) {
	texts := flat(t, themes.Default(), "en")
	for _, f := range facet.Lists {
		for _, word := range []string{"name", "list", "label", "hint", "none", "unknown"} {
			if texts["facet."+f.Name+"."+word] == nil && (f != facet.Source || word != "none") { // there are several sources, or no such list
				t.Errorf("there is no word facet.%s.%s", f.Name, word)
			}
		}
	}
	for key := range texts {
		table, rest, _ := strings.Cut(key, ".")
		if name, _, _ := strings.Cut(rest, "."); table == "facet" && !slices.ContainsFunc(facet.All, func(f *facet.Facet) bool { return f.Name == name }) {
			t.Errorf("there is no facet for the word %s", key)
		}
	}
}

// goLiterals are all string literals of the packages that know words, and the
// keys that are asked for by a literal, with their places.
func goLiterals(t *testing.T) (literals map[string]bool, named map[string]string) {
	t.Helper()
	literals, named = map[string]bool{}, map[string]string{}
	files, _ := filepath.Glob("*.go")
	more, _ := filepath.Glob("../words/*.go")
	rendering, _ := filepath.Glob("../render/*.go")
	for _, file := range slices.Concat(files, more, rendering) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				literals[literal(n)] = true
			case *ast.CallExpr:
				method, ok := n.Fun.(*ast.SelectorExpr)
				if ok && slices.Contains([]string{"T", "N", "Rich", "HTML"}, method.Sel.Name) && len(n.Args) > 0 {
					if key := literal(n.Args[0]); strings.Contains(key, ".") {
						named[key] = set.Position(n.Pos()).String()
					}
				}
			}
			return true
		})
	}
	return literals, named
}

func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, _ := strconv.Unquote(lit.Value)
	return text
}
