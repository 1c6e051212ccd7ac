package site

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/words"
	"github.com/deploysite/deploysite/themes"
)

// A theme is a set of templates, one a page type, and of assets.
type theme struct {
	dir       string                        // where a project has its files: "themes/default"
	templates map[string]*template.Template // "home" → layout.html + parts.html + home.html
	row       *template.Template
	assets    map[string]asset
	words     *words.Words
	problems  []problem.Problem // of a project's words
	used      map[string]bool   // the words that templates name
	frames    sync.Map          // root, section and path → []string
}

// An asset carries a hash of its bytes in its name, so that a browser may keep
// it for ever.
type asset struct {
	path string
	data []byte
}

// sharedTemplates are part of every page; each other file is one page type.
var sharedTemplates = []string{"layout.html", "parts.html"}

// loadTheme reads the built-in theme with the files of themes/NAME/ in the
// project in place of its own, and the words in a language.
func loadTheme(project fs.FS, name, language string) (*theme, error) {
	layers, err := themeLayers(project, name)
	if err != nil {
		return nil, err
	}
	t := &theme{dir: themeDir(name), templates: map[string]*template.Template{}, assets: map[string]asset{}, used: map[string]bool{}}
	var scripts map[string]bool
	if t.words, t.problems, err = loadWords(project, name, language); err != nil {
		return nil, err
	}
	if scripts, err = t.loadAssets(layers); err != nil {
		return nil, err
	}
	if err := t.loadTemplates(layers); err != nil {
		return nil, err
	}
	maps.Copy(t.used, scripts)
	t.problems = append(t.problems, words.Unused(layers, t.used)...)
	t.problems = append(t.problems, unusedParts(layers)...)
	t.problems = append(t.problems, leftOut(layers)...)
	t.problems = append(t.problems, passedOver(project, t.dir)...)
	return t, nil
}

// passedOver reports what a project has in themes/default while its theme is another one,
// which reads only words there.
func passedOver(project fs.FS, dir string) (problems []problem.Problem) {
	if dir == themeDir("") {
		return nil
	}
	for _, folder := range []string{"assets", "templates"} {
		at := path.Join(themeDir(""), folder)
		entries, _ := fs.ReadDir(project, at) // what cannot be read is of no use either
		if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !strings.HasPrefix(e.Name(), ".") }) {
			problems = append(problems, problem.UnusedPart.In(at, fmt.Sprintf("nothing in it is read, since the theme is %q", path.Base(dir)),
				"move what is in it to "+path.Join(dir, folder)+", or take theme out of deploysite.toml"))
		}
	}
	return problems
}

// themeFolders are what a theme is made of.
var themeFolders = []string{"assets", "templates", "words"}

// leftOut reports what lies in a project's theme, looks like a part of it, and is none. A
// README or a licence is for people.
func leftOut(layers []words.Layer) (problems []problem.Problem) {
	for _, layer := range layers {
		for _, dir := range append([]string{"."}, themeFolders...) {
			entries, _ := fs.ReadDir(layer.FS, dir) // what cannot be read is an error elsewhere
			for _, e := range entries {
				if layer.Name != "" && !isRead(dir, e) {
					problems = append(problems, problem.UnusedPart.At(path.Join(layer.Name, dir, e.Name()), 0, 0, "no page is made of this",
						"correct its name; a theme has the folders "+strings.Join(themeFolders, ", ")+", with files alone, and the names of pages are those of the built-in theme"))
				}
			}
		}
	}
	return problems
}

// isRead reports whether a build looks at an entry of a theme's folder, or whether it can
// be for people.
func isRead(dir string, e fs.DirEntry) bool {
	name, ext := e.Name(), path.Ext(e.Name())
	switch {
	case name[0] == '.':
		return true
	case dir == "." && e.IsDir():
		return slices.Contains(themeFolders, name)
	case dir == ".":
		return !slices.Contains([]string{".css", ".html", ".js", ".toml"}, ext)
	case e.IsDir():
		return false
	case dir == "templates" && ext == ".html" && name != themeTemplates:
		_, err := fs.Stat(themes.Default(), path.Join(dir, name))
		return err == nil
	}
	return true
}

var (
	partNamed   = regexp.MustCompile(`{{-?\s*(?:template|block)\s+"([^"]+)"`)
	partDefined = regexp.MustCompile(`{{-?\s*define\s+"([^"]+)"`)
)

// unusedParts reports what a project's theme.html defines and no template names. Most
// likely it means to replace a part.
func unusedParts(layers []words.Layer) (problems []problem.Problem) {
	file := path.Join("templates", themeTemplates)
	if !slices.ContainsFunc(layers, func(l words.Layer) bool {
		_, err := fs.Stat(l.FS, file)
		return l.Name != "" && err == nil
	}) {
		return nil
	}
	used := map[string]bool{}
	for _, name := range slices.Concat(slices.Collect(maps.Values(needs))...) { // which pages are made of
		used[name] = true
	}
	files, _ := listFiles(layers, "templates")
	for _, layer := range layers {
		for _, name := range files {
			source, _, _ := readLayer([]words.Layer{layer}, path.Join("templates", name))
			for _, m := range partNamed.FindAllSubmatch(source, -1) {
				used[string(m[1])] = true
			}
		}
	}
	for _, layer := range layers {
		source, file, err := readLayer([]words.Layer{layer}, file)
		if err != nil || layer.Name == "" {
			continue
		}
		for _, at := range partDefined.FindAllSubmatchIndex(source, -1) {
			if name := string(source[at[2]:at[3]]); !used[name] {
				line, column := text.Position(source, at[2])
				problems = append(problems, problem.UnusedPart.At(file, line, column, fmt.Sprintf("no template names the part %q", name), "remove it, or correct its name"))
			}
		}
	}
	return problems
}

// themeLayers returns the folders that a theme is made of: the project's own, the
// built-in theme of that name, the default theme. A file is taken from the first
// that has it.
func themeLayers(project fs.FS, name string) ([]words.Layer, error) {
	name = cmp.Or(name, "default")
	dir := themeDir(name)
	layers, err := ownLayer(project, dir)
	if err != nil {
		return nil, err
	}
	builtIn, ok := themes.BuiltIn(name)
	switch {
	case ok && name != "default":
		layers = append(layers, words.Layer{FS: builtIn})
	case !ok && len(layers) == 0:
		return nil, noTheme(dir)
	}
	return append(layers, words.Layer{FS: themes.Default()}), nil
}

// noTheme is an error: the folder of a theme, which is not there.
type noTheme string

func (dir noTheme) Error() string { return "there is no folder " + string(dir) }

// ownLayer is a folder of the project as a layer; none if it does not exist.
func ownLayer(project fs.FS, dir string) ([]words.Layer, error) {
	switch info, err := fs.Stat(project, dir); {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := fs.Lstat(project, dir); err == nil {
			return nil, badTheme(dir, 0, "is a link that leads nowhere")
		}
		return nil, nil
	case err != nil:
		return nil, badTheme(dir, 0, reason(err))
	case !info.IsDir():
		return nil, badTheme(dir, 0, "is "+disk.TypeName(info.Mode())+", and should be a folder")
	}
	own, err := fs.Sub(project, dir)
	return []words.Layer{{FS: own, Name: dir}}, err
}

func themeDir(name string) string { return path.Join("themes", cmp.Or(name, "default")) }

// loadWords reads the words of a project. Those in its themes/default hold in every
// theme, right behind the theme's own: what a site says does not depend on its look.
func loadWords(project fs.FS, theme, language string) (*words.Words, []problem.Problem, error) {
	layers, err := themeLayers(project, theme)
	if err != nil {
		return nil, nil, err
	}
	if dir := themeDir(""); dir != themeDir(theme) {
		shared, err := ownLayer(project, dir)
		if err != nil {
			return nil, nil, err
		}
		at := slices.IndexFunc(layers, func(l words.Layer) bool { return l.Name == "" })
		layers = slices.Insert(layers, at, shared...)
	}
	return words.Load(layers, language)
}

// Files that add to the layers below, where others replace a file: rules that come
// after those of site.css, and definitions that replace single ones of layout.html
// and parts.html.
const (
	themeStyle     = "theme.css"
	themeTemplates = "theme.html"
)

// wordsScript is the asset that the words of all scripts are put into.
const wordsScript = "words.js"

// facetsScript is the asset that the facets are put into, in place of the mark.
const facetsScript = "search.js"

var facetsMark = []byte("/* facets */ []")

// loadAssets reads the assets. It puts the words that scripts name into words.js, and
// returns their keys.
func (t *theme) loadAssets(layers []words.Layer) (map[string]bool, error) {
	names, err := listFiles(layers, "assets")
	if err != nil {
		return nil, err
	}
	files, keys := map[string][]byte{}, map[string]bool{}
	for _, name := range names {
		if files[name], _, err = readLayer(layers, path.Join("assets", name)); err != nil {
			return nil, err
		}
		if path.Ext(name) == ".js" {
			t.words.ScriptKeys(keys, files[name])
		}
	}
	if files[wordsScript], err = t.words.Script(files[wordsScript], keys); err != nil {
		return nil, fmt.Errorf("theme: assets/%s: %w", wordsScript, err)
	}
	facets, err := json.Marshal(facet.Names())
	if err != nil {
		return nil, err
	}
	files[facetsScript] = bytes.Replace(files[facetsScript], facetsMark, facets, 1)
	delete(files, themeStyle)
	for _, layer := range slices.Backward(layers) {
		rules, _, err := readLayer([]words.Layer{layer}, path.Join("assets", themeStyle))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		files["site.css"] = append(files["site.css"], rules...)
	}
	for name, data := range files {
		ext := path.Ext(name)
		sum := sha256.Sum256(data)
		t.assets[name] = asset{fmt.Sprintf("assets/%s.%x%s", strings.TrimSuffix(name, ext), sum[:4], ext), data}
	}
	return keys, nil
}

func (t *theme) loadTemplates(layers []words.Layer) error {
	shared := template.New("").Funcs(templateFuncs(t.words))
	for _, name := range sharedTemplates {
		if err := t.parseInto(shared, layers, name); err != nil {
			return err
		}
	}
	for _, name := range sharedTemplates {
		if err := t.defines(shared, layers, name, needs[name]...); err != nil {
			return err
		}
	}
	names, err := listFiles(layers, "templates")
	if err != nil {
		return err
	}
	for _, layer := range slices.Backward(layers) {
		if err := t.parseInto(shared, []words.Layer{layer}, themeTemplates); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for _, name := range names {
		if slices.Contains(sharedTemplates, name) || name == themeTemplates || path.Ext(name) != ".html" {
			continue
		}
		page, err := shared.Clone()
		if err != nil {
			return err
		}
		if err := t.parseInto(page, layers, name); err != nil {
			return err
		}
		if err := t.defines(page, layers, name, "main"); err != nil {
			return err
		}
		t.templates[strings.TrimSuffix(name, ".html")] = page
	}
	if t.row, err = shared.Clone(); err != nil {
		return err
	}
	return nil
}

func (t *theme) parseInto(to *template.Template, layers []words.Layer, name string) error {
	text, file, err := readLayer(layers, path.Join("templates", name))
	if err != nil {
		return err
	}
	source, err := t.fillWords(file, string(text))
	if err != nil {
		return err
	}
	_, err = to.New(file).Parse(source)
	return placed(err)
}

// needs are the definitions that pages are made of, and the files that have them.
var needs = map[string][]string{"layout.html": {"layout"}, "parts.html": {"row", "cell", "notemeta"}}

// defines refuses a template file without the definitions that pages are made of.
func (t *theme) defines(in *template.Template, layers []words.Layer, name string, wanted ...string) error {
	for _, definition := range wanted {
		if in.Lookup(definition) == nil {
			_, file, _ := readLayer(layers, path.Join("templates", name))
			return badTheme(file, 0, fmt.Sprintf("does not define %q", definition))
		}
	}
	return nil
}

// badTheme is an error of one file of a theme.
func badTheme(file string, line int, message string) error {
	p := problem.BadTemplate.At(file, line, 0, message, "")
	return &TemplateError{p, fmt.Errorf("theme: %s: %s", p.Place(), message)}
}

// reason is an error of the file system without the names in it.
func reason(err error) string {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// A TemplateError is a mistake in a template, with its place.
type TemplateError struct {
	Problem problem.Problem
	err     error
}

func (e *TemplateError) Error() string { return e.err.Error() }

// Unwrap gives the error of the template package.
func (e *TemplateError) Unwrap() error { return e.err }

// templatePlace matches an error of the template packages: place, then message. A
// template's name is its file. Their errors have the place in the text only.
var templatePlace = regexp.MustCompile(`^(?:html/)?template: ?([^:\s]+\.html):(\d+)(?::(\d+))?: (?s:(.*))$`)

// placed makes an error of the template packages a TemplateError.
func placed(err error) error {
	if err == nil {
		return nil
	}
	m := templatePlace.FindStringSubmatch(err.Error())
	if m == nil {
		return err
	}
	p := problem.BadTemplate.In(m[1], m[4], "")
	p.Line, _ = strconv.Atoi(m[2]) // digits, or nothing
	p.Column, _ = strconv.Atoi(m[3])
	return &TemplateError{p, err}
}

var (
	namedWord = regexp.MustCompile(`\b(?:t|n|rich) "([a-z0-9.-]+)"`)
	fixedWord = regexp.MustCompile(`\{\{(t|rich) "([a-z0-9.-]+)"\}\}`)
)

// noActions keeps the braces in a word from being an action of the template.
func noActions(text string) string { return strings.ReplaceAll(text, "{{", `{{"{{"}}`) }

// fillWords puts the words without values into a template's source, so that no page
// looks them up, and notes which words the template names. An unknown key is an
// error.
func (t *theme) fillWords(file, source string) (string, error) {
	for _, m := range namedWord.FindAllStringSubmatchIndex(source, -1) {
		key := source[m[2]:m[3]]
		if t.used[key] = true; !t.words.Has(key) {
			return "", badTheme(file, strings.Count(source[:m[0]], "\n")+1, fmt.Sprintf("there is no word %q; add it to %s/words/en.toml", key, t.dir))
		}
	}
	return fixedWord.ReplaceAllStringFunc(source, func(call string) string {
		m := fixedWord.FindStringSubmatch(call)
		switch key := m[2]; {
		case !t.words.Fixed(key):
			return call
		case m[1] == "rich":
			return noActions(string(t.words.Rich(key)))
		default:
			return noActions(t.words.HTML(key))
		}
	}), nil
}

// maxThemeFile is more than any file of a theme has, in bytes.
const maxThemeFile = 256 << 20

// readLayer reads a file from the first layer that has it. file is its name in
// messages: its path in the project, or in the built-in theme.
func readLayer(layers []words.Layer, name string) (data []byte, file string, err error) {
	for _, l := range layers {
		file = path.Join(l.Name, name)
		data, err := disk.Read(l.FS, name, maxThemeFile)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case errors.As(err, new(disk.NotRegular)):
			return nil, file, badTheme(file, 0, err.Error()+"; put the text itself there")
		case err != nil:
			return nil, file, badTheme(file, 0, reason(err))
		}
		return data, file, nil
	}
	return nil, file, fmt.Errorf("theme: %s: %w", name, fs.ErrNotExist)
}

// listFiles lists the files that any layer has in a folder. What is no regular file is
// among them, so that it is refused and not left out; folders are not.
func listFiles(layers []words.Layer, dir string) ([]string, error) {
	var names []string
	for _, l := range layers {
		info, err := fs.Stat(l.FS, dir) // a pipe in its place would block
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && !info.IsDir() {
			err = errors.New("it is " + disk.TypeName(info.Mode()) + ", and should be a folder")
		}
		var files []fs.DirEntry
		if err == nil {
			files, err = fs.ReadDir(l.FS, dir)
		}
		if err != nil {
			return nil, badTheme(path.Join(l.Name, dir), 0, reason(err))
		}
		for _, f := range files {
			if !f.IsDir() && !strings.HasPrefix(f.Name(), ".") {
				names = append(names, f.Name())
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// A Frame is what the template "layout" sees: the page's head, navigation and
// foot around its main part.
type Frame struct {
	Page
	Main template.HTML
}

// Marks for what differs between the frames of record pages. The frame is rendered
// once for all of them, and cut here.
const (
	titleMark       = "@@deploysite-title@@"
	canonicalMark   = "@@deploysite-canonical@@" // no colon: it stands where an address does
	descriptionMark = "@@deploysite-description@@"
	mainMark        = "@@deploysite-main@@"
)

var frameMark = regexp.MustCompile(`@@deploysite-(title|description|canonical|main)@@`)

// render writes a page: its template within its frame. Characters that would
// reorder the text are made visible here, in one place for everything that a
// page shows.
func (t *theme) render(b *bytes.Buffer, name string, data framed) error {
	page := t.templates[name]
	if page == nil {
		return fmt.Errorf("theme: there is no templates/%s.html", name)
	}
	frame, err := t.frame(data.frame())
	if err != nil {
		return err
	}
	begin := b.Len()
	for _, part := range frame {
		switch part {
		case titleMark:
			b.WriteString(template.HTMLEscapeString(data.frame().Title))
		case descriptionMark:
			b.WriteString(template.HTMLEscapeString(data.frame().Description()))
		case canonicalMark:
			b.WriteString(template.HTMLEscapeString(data.frame().address()))
		case mainMark:
			if err := page.ExecuteTemplate(&bounded{b, maxPage}, "main", data); err != nil {
				return placed(err)
			}
		default:
			b.WriteString(part)
		}
	}
	if written := b.Bytes()[begin:]; hasSteering(written) || !utf8.Valid(written) { // names of files need not be text
		visible := text.Visible(strings.ReplaceAll(string(written), "\r\n", "\n"))
		b.Truncate(begin)
		b.WriteString(visible)
	}
	return nil
}

// maxPage is more than any page has, in bytes. A template that repeats itself is
// stopped there, before it takes all memory.
const maxPage = 256 << 20

// A bounded is a buffer for room more bytes.
type bounded struct {
	*bytes.Buffer
	room int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.room -= len(p); b.room < 0 {
		return 0, disk.TooLarge{Limit: maxPage}
	}
	return b.Buffer.Write(p)
}

// framed is the struct of any page; it embeds a Page.
type framed interface{ frame() Page }

func (p Page) frame() Page { return p }

// frame returns a page's frame, cut into parts and marks.
func (t *theme) frame(p Page) ([]string, error) {
	key := p.root + "\x00" + p.Nav
	if !p.shared {
		key += "\x00" + p.Path
	}
	if p.Title == p.SiteTitle() { // such a page's frame may have no place for a title
		key += "\x00title"
	}
	if parts, ok := t.frames.Load(key); ok {
		return parts.([]string), nil
	}
	f := Frame{Page: p, Main: mainMark}
	if f.Title != p.SiteTitle() { // the layout may leave a title out that is the site's
		f.Title = titleMark
	}
	f.canonical = canonicalMark
	if f.shared {
		f.description = descriptionMark
	}
	var b bytes.Buffer
	if err := t.row.ExecuteTemplate(&bounded{&b, maxPage}, "layout", f); err != nil {
		return nil, placed(err)
	}
	parts := cutAtMarks(b.String())
	t.frames.Store(key, parts)
	return parts, nil
}

// cutAtMarks splits a frame at its marks and keeps them.
func cutAtMarks(frame string) (parts []string) {
	begin := 0
	for _, at := range frameMark.FindAllStringIndex(frame, -1) {
		parts = append(parts, frame[begin:at[0]], frame[at[0]:at[1]])
		begin = at[1]
	}
	return append(parts, frame[begin:])
}

// part executes one of the templates in parts.html.
func (t *theme) part(name string, data any) (template.HTML, error) {
	var b strings.Builder
	if err := t.row.ExecuteTemplate(&b, name, data); err != nil {
		return "", placed(err)
	}
	return template.HTML(b.String()), nil
}

// hasSteering reports whether text.Visible would change anything. It looks at bytes,
// since every page goes through it. The characters are control characters, U+0080 to
// U+009F, U+202A to U+202E and U+2066 to U+2069.
func hasSteering(page []byte) bool {
	for i, c := range page {
		switch {
		case ' ' <= c && c < 0x7f: // nearly all of them
		case c < ' ' && c != '\n' && c != '\t', c == 0x7f:
			return true
		case c == 0xc2 && i+1 < len(page) && page[i+1] < 0xa0:
			return true
		case c == 0xe2 && i+2 < len(page):
			if a, b := page[i+1], page[i+2]; a == 0x80 && b >= 0xaa && b <= 0xae || a == 0x81 && b >= 0xa6 && b <= 0xa9 {
				return true
			}
		}
	}
	return false
}

// templateFuncs are the functions for templates, besides the methods of a page.
func templateFuncs(w *words.Words) template.FuncMap {
	return template.FuncMap{
		"t":        w.T,
		"n":        w.N,
		"rich":     w.Rich,
		"num":      w.Number,
		"day":      w.Day,
		"date":     w.Date,
		"zone":     func(t time.Time) string { return t.Format("-07:00") },
		"rfc3339":  func(t time.Time) string { return t.Format(time.RFC3339) },
		"isoday":   func(t time.Time) string { return t.Format(time.DateOnly) },
		"duration": w.Duration,
		"short":    func(hash string) string { return text.First(hash, hashLength) },
		"code":     func(s string) template.HTML { return wrapped("code", s) },
		"em":       func(s string) template.HTML { return wrapped("em", s) },
	}
}

func wrapped(element, text string) template.HTML {
	return template.HTML("<" + element + ">" + template.HTMLEscapeString(text) + "</" + element + ">")
}
