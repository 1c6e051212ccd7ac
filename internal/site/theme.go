package site

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/themes"
)

// A theme is a set of templates, one a page type, and of assets.
type theme struct {
	templates map[string]*template.Template // "home" → layout.html + parts.html + home.html
	row       *template.Template
	assets    map[string]asset
	frames    sync.Map // root, section and path → []string
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
// project in place of its own.
func loadTheme(project fs.FS, name string) (*theme, error) {
	base := themes.Default()
	layers := []fs.FS{base}
	if name != "" && name != "default" {
		dir := path.Join("themes", name)
		if _, err := fs.Stat(project, dir); err != nil {
			return nil, fmt.Errorf("theme %q: there is no folder %s; make it, or take theme out of deploysite.toml", name, dir)
		}
		own, err := fs.Sub(project, dir)
		if err != nil {
			return nil, err
		}
		layers = []fs.FS{own, base}
	} else if own, err := fs.Sub(project, "themes/default"); err == nil {
		layers = []fs.FS{own, base}
	}
	t := &theme{templates: map[string]*template.Template{}, assets: map[string]asset{}}
	if err := t.loadAssets(layers); err != nil {
		return nil, err
	}
	return t, t.loadTemplates(layers)
}

func (t *theme) loadAssets(layers []fs.FS) error {
	names, err := listFiles(layers, "assets")
	if err != nil {
		return err
	}
	for _, name := range names {
		data, err := readLayer(layers, path.Join("assets", name))
		if err != nil {
			return err
		}
		ext := path.Ext(name)
		sum := sha256.Sum256(data)
		t.assets[name] = asset{fmt.Sprintf("assets/%s.%x%s", strings.TrimSuffix(name, ext), sum[:4], ext), data}
	}
	return nil
}

func (t *theme) loadTemplates(layers []fs.FS) error {
	shared := template.New("").Funcs(templateFuncs)
	for _, name := range sharedTemplates {
		if err := parseInto(shared, layers, name); err != nil {
			return err
		}
	}
	names, err := listFiles(layers, "templates")
	if err != nil {
		return err
	}
	for _, name := range names {
		if slices.Contains(sharedTemplates, name) || path.Ext(name) != ".html" {
			continue
		}
		page, err := shared.Clone()
		if err != nil {
			return err
		}
		if err := parseInto(page, layers, name); err != nil {
			return err
		}
		t.templates[strings.TrimSuffix(name, ".html")] = page
	}
	if t.row, err = shared.Clone(); err != nil {
		return err
	}
	return nil
}

func parseInto(t *template.Template, layers []fs.FS, name string) error {
	text, err := readLayer(layers, path.Join("templates", name))
	if err != nil {
		return err
	}
	_, err = t.New(name).Parse(string(text))
	return err
}

func readLayer(layers []fs.FS, name string) ([]byte, error) {
	for _, l := range layers {
		if info, err := fs.Lstat(l, name); err == nil && !info.Mode().IsRegular() {
			return nil, fmt.Errorf("theme: %s is not a regular file", name)
		}
		data, err := fs.ReadFile(l, name)
		if !errors.Is(err, fs.ErrNotExist) {
			return data, err
		}
	}
	return nil, fmt.Errorf("theme: %s: %w", name, fs.ErrNotExist)
}

// listFiles lists the files that any layer has in a folder.
func listFiles(layers []fs.FS, dir string) ([]string, error) {
	var names []string
	for _, l := range layers {
		files, err := fs.ReadDir(l, dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, f := range files {
			if f.Type().IsRegular() && !strings.HasPrefix(f.Name(), ".") {
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

// Where a frame's own parts go. A record page's frame is that of all others but
// for these three, so it is rendered once and cut here.
const (
	titleMark     = "@@deploysite-title@@"
	canonicalMark = "@@deploysite-canonical@@" // no colon: it stands where an address does
	mainMark      = "@@deploysite-main@@"
)

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
		case canonicalMark:
			b.WriteString(template.HTMLEscapeString(data.frame().address()))
		case mainMark:
			if err := page.ExecuteTemplate(b, "main", data); err != nil {
				return err
			}
		default:
			b.WriteString(part)
		}
	}
	if written := b.Bytes()[begin:]; hasSteering(written) {
		visible := visibleHTML(string(written))
		b.Truncate(begin)
		b.WriteString(visible)
	}
	return nil
}

// framed is every page's struct, by the Page that it embeds.
type framed interface{ frame() Page }

func (p Page) frame() Page { return p }

// frame is a page's frame in parts; between them stand the marks.
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
	var b bytes.Buffer
	if err := t.row.ExecuteTemplate(&b, "layout", f); err != nil {
		return nil, err
	}
	parts := cut([]string{b.String()}, titleMark, canonicalMark, mainMark)
	t.frames.Store(key, parts)
	return parts, nil
}

// cut splits strings at marks and keeps the marks.
func cut(parts []string, marks ...string) []string {
	for _, mark := range marks {
		var out []string
		for _, part := range parts {
			for i, piece := range strings.Split(part, mark) {
				if i > 0 {
					out = append(out, mark)
				}
				out = append(out, piece)
			}
		}
		parts = out
	}
	return parts
}

// part executes one of the templates in parts.html.
func (t *theme) part(name string, data any) (template.HTML, error) {
	var b bytes.Buffer
	if err := t.row.ExecuteTemplate(&b, name, data); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil
}

// visibleHTML is records.Visible for whole pages.
func visibleHTML(page string) string {
	return records.Visible(strings.ReplaceAll(page, "\r\n", "\n"))
}

// hasSteering tells whether records.Visible would change anything. It reads
// bytes, since it reads all of every site: the characters in question are
// control characters, U+0080 to U+009F, U+202A to U+202E and U+2066 to U+2069.
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

// dayFormat is how pages write a day.
const dayFormat = "2 Jan 2006"

// templateFuncs are what a theme may call besides the methods of its page.
var templateFuncs = template.FuncMap{
	"day":      func(t time.Time) string { return t.Format(dayFormat) },
	"weekday":  func(t time.Time) string { return t.Format("Mon 2") },
	"clock":    func(t time.Time) string { return t.Format("15:04") },
	"zone":     func(t time.Time) string { return t.Format("-07:00") },
	"rfc3339":  func(t time.Time) string { return t.Format(time.RFC3339) },
	"isoday":   func(t time.Time) string { return t.Format(time.DateOnly) },
	"duration": formatDuration,
	"plural":   plural,
	"short":    func(s string) string { r := []rune(s); return string(r[:min(len(r), 10)]) },
	"lower":    strings.ToLower,
}

// formatDuration writes a duration as people say it: "47 min", "3 h 05 min", "2 d 4 h".
func formatDuration(d time.Duration) string {
	d = d.Truncate(time.Minute) // not rounded: the parts of a time are never more than the whole
	switch {
	case d < time.Minute:
		return "under 1 min"
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d d %d h", int(d.Hours())/24, int(d.Hours())%24)
}

// plural writes "1 record", "2 records"; thousands are set apart.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
