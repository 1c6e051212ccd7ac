package render

import (
	"net/url"
	"path"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/deploysite/deploysite/internal/text"
)

// Links says where the links of one Markdown file lead on the site.
type Links struct {
	Root     string              // from the page to the site's root: "../../"
	Folder   string              // the file's folder in the project: "deployments/checklists"
	Pages    map[string]string   // project file → page, such as "docs/deployment-process.md" → "process/"
	Images   map[string]string   // project file → file of the site
	Shown    *sync.Map           // gets the images that are linked to
	Exists   func(string) bool   // reports whether the project has a file, or a folder
	Above    int                 // how many folders above the project belong to its repository
	Blob     func(string) string // where the forge shows a file, "" where nobody knows
	Headings map[string]string   // slug of a heading of this file → its id
	Asked    func(file string)   // gets the project's files that are linked to; may be nil
}

// PageHref is the address of a page of the site as seen from a page whose way
// to the root is root. It names index.html, or file:// would show a folder.
func PageHref(root, page string) string {
	file, fragment, has := strings.Cut(page, "#")
	if file == "" || strings.HasSuffix(file, "/") {
		file += "index.html"
	}
	if has {
		file += "#" + fragment
	}
	return root + EscapePage(file)
}

// EscapePage percent-encodes a path and keeps its fragment.
func EscapePage(p string) string {
	if isPlain(p) {
		return p
	}
	file, fragment, has := strings.Cut(p, "#")
	out := (&url.URL{Path: file}).EscapedPath()
	if has {
		out += "#" + (&url.URL{Fragment: fragment}).EscapedFragment()
	}
	return out
}

// isPlain reports whether nothing of an address is escaped, as in nearly all of ours.
func isPlain(p string) bool {
	for i := range len(p) {
		switch c := p[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '/', c == '_':
		case c == '#' && strings.IndexByte(p[i+1:], '#') < 0:
		default:
			return false
		}
	}
	return true
}

// href returns the address for a link, and false if it is not allowed: only http,
// https, mailto and files of this project are.
func (l Links) href(dest string) (string, bool) {
	u, file, ok := l.parse(dest)
	switch {
	case !ok:
		return "", false
	case u.Scheme != "":
		return u.String(), true
	case file == "":
		return l.within(u.Fragment)
	}
	if page, ok := l.Pages[file]; ok {
		if u.Fragment != "" {
			page += "#" + FragmentID(page, u.Fragment)
		}
		return PageHref(l.Root, page), true
	}
	if out, ok := l.Images[file]; ok {
		l.Shown.Store(file, true)
		return l.Root + EscapePage(out), true
	}
	if !l.Exists(file) {
		return "", false
	}
	address := l.Blob(file)
	if address != "" && u.Fragment != "" {
		address += "#" + u.EscapedFragment()
	}
	return address, address != ""
}

// missing reports whether a link means a file of the project that does not exist, and
// which. It explains why href or image returned no address.
func (l Links) missing(dest string) (file string, missing bool) {
	_, file, ok := l.parse(dest)
	return file, ok && file != "" && !l.Exists(file)
}

// image returns the address for an image. Images of other sites must be https: the
// site's policy loads no others.
func (l Links) image(dest string) (string, bool) {
	u, file, ok := l.parse(dest)
	if !ok {
		return "", false
	}
	if u.Scheme != "" {
		return u.String(), u.Scheme == "https"
	}
	out, ok := l.Images[file]
	if ok {
		l.Shown.Store(file, true)
	}
	return l.Root + EscapePage(out), ok
}

// parse takes a link apart. file is the project's file that a relative link
// means, "" for a link into the same document.
func (l Links) parse(dest string) (u *url.URL, file string, ok bool) {
	if strings.ContainsRune(dest, '\\') || strings.IndexFunc(dest, unicode.IsControl) >= 0 {
		return nil, "", false
	}
	u, err := url.Parse(strings.TrimSpace(dest))
	if err != nil {
		return nil, "", false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u, "", u.Host != ""
	case "mailto":
		return u, "", true
	case "":
	default:
		return nil, "", false
	}
	if u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "/") {
		return nil, "", false
	}
	if u.Path == "" {
		return u, "", u.Fragment != "" || dest == "#"
	}
	file = l.spelling(path.Join(l.Folder, u.Path))
	if l.Pages[file] == "" && strings.HasPrefix(file+"/", strings.Repeat("../", l.Above+1)) {
		return nil, "", false // a review links to records of sources beside the project, which have pages
	}
	if l.Asked != nil {
		l.Asked(file)
	}
	return u, file, true
}

// within gives the address of a place in the same document. Forges find a heading
// in any case; "#" alone is the top.
func (l Links) within(fragment string) (string, bool) {
	if fragment == "" {
		return "#", true
	}
	for _, name := range []string{fragment, text.Slug(fragment)} {
		if id, ok := l.Headings[name]; ok {
			return "#" + id, true
		}
	}
	return "", false
}

// spelling is a file's path as the project has it: a link may be written in another
// Unicode form.
func (l Links) spelling(file string) string {
	for _, other := range []string{file, norm.NFC.String(file), norm.NFD.String(file)} {
		if l.Pages[other] != "" || l.Images[other] != "" || other != file && l.Exists(other) {
			return other
		}
	}
	return file
}

// FragmentID is the id that a heading has on our pages, from the fragment that
// forges use; the ids of notes and steps are used as they are. Documents have
// none of these, but headings such as "Step 1".
func FragmentID(page, fragment string) string {
	if strings.HasPrefix(page, "docs/") && !strings.HasPrefix(fragment, "s-") {
		return "s-" + text.CaseFold(fragment)
	}
	for _, prefix := range []string{"s-", "step-", "well-", "issue-", "lesson-", "tip-"} {
		if strings.HasPrefix(fragment, prefix) {
			return fragment
		}
	}
	return "s-" + text.Slug(fragment)
}
