package serve

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/site"
)

// A Build is a site to show.
type Build struct {
	Output   site.Output
	Problems []problem.Problem // in the records; the site is shown all the same
	Theme    string            // if it differs from the last, templates are tried first; see site.Site.ThemeSum
	Close    func()            // called once, when no request reads from the site any more; may be nil
}

// A Live serves the newest site that could be built. It adds a script to pages,
// which reloads them when they have changed and shows what is wrong.
type Live struct {
	handler http.Handler
	closed  context.Context // ends with Close
	close   func()
	streams chan struct{} // holds one for each open stream

	mu      sync.Mutex
	shown   *shown            // nil before the first build, and after Close
	failed  []problem.Problem // why the last build failed; empty if it did not
	changed chan struct{}     // closed at the next change
}

// NewLive makes a server without a site. Until Show it answers that there is none
// yet. host is the address or name that clients use, "" for this machine's loopback.
func NewLive(host string) *Live {
	l := &Live{changed: make(chan struct{}), streams: make(chan struct{}, maxStreams)}
	l.closed, l.close = context.WithCancel(context.Background())
	l.handler = guard(host, http.HandlerFunc(l.serve))
	return l
}

// ServeHTTP answers a request.
func (l *Live) ServeHTTP(w http.ResponseWriter, r *http.Request) { l.handler.ServeHTTP(w, r) }

// Show replaces the site. The former one is closed after the last request for it.
// An error means that a page of the new site cannot be rendered; then the former
// one stays, and b is not closed.
func (l *Live) Show(b Build) error {
	s := &shown{Build: b, files: index(b.Output.Files), pages: map[string]page{}}
	s.users.Store(1)
	former := l.use()
	sameTheme := former != nil && former.Theme == b.Theme
	former.release()
	if !sameTheme {
		if err := s.try(); err != nil {
			return err
		}
	}
	if b.Output.Later != nil {
		s.later = sync.OnceValues(func() (map[string]site.File, error) {
			files, err := b.Output.Later()
			return index(files), err
		})
	}
	l.replace(s)
	l.Fail(nil)
	return nil
}

// Fail says why the last build failed. The site that is shown stays.
func (l *Live) Fail(problems []problem.Problem) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed = problems
	close(l.changed)
	l.changed = make(chan struct{})
}

// Close ends all streams and closes the site. Requests that still run are finished.
func (l *Live) Close() {
	l.close()
	l.replace(nil)
}

func (l *Live) replace(s *shown) {
	l.mu.Lock()
	former := l.shown
	l.shown = s
	l.mu.Unlock()
	former.release()
}

// use returns the site to read from, nil if there is none. The caller must release
// it.
func (l *Live) use() *shown {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shown != nil {
		l.shown.users.Add(1)
	}
	return l.shown
}

// shown is a site that is served.
type shown struct {
	Build
	files map[string]site.File                 // by path
	later func() (map[string]site.File, error) // those that are made when first asked for; nil if there are none
	users atomic.Int32                         // requests that read from it, and one for Live itself while it is the newest

	mu    sync.Mutex
	pages map[string]page
}

// release ends a use. The last one closes the site. s may be nil.
func (s *shown) release() {
	if s != nil && s.users.Add(-1) == 0 && s.Close != nil {
		s.Close()
	}
}

// A page is a finished answer.
type page struct {
	name   string
	status int
	folder string // to redirect to, if the address lacks the slash at its end
	data   []byte
	tag    string // a hash of data
}

// keptPages is how many rendered pages are kept. An open page is needed twice after
// a change: by its stream and by its tab.
const keptPages = 64

// page renders the answer for an address, or takes it from the cache.
func (s *shown) page(u *url.URL) (page, error) {
	f, status, folder, err := s.find(u)
	if err != nil || folder != "" {
		return page{folder: folder}, err
	}
	s.mu.Lock()
	p, ok := s.pages[f.Path]
	s.mu.Unlock()
	if ok {
		p.status = status
		return p, nil
	}
	data, err := f.Bytes()
	if err != nil {
		return page{}, err
	}
	p = page{name: f.Path, status: status, data: data}
	if isPage(p.name) {
		p.tag = tagOf(data)
		s.mu.Lock()
		if len(s.pages) < keptPages {
			s.pages[f.Path] = p
		}
		s.mu.Unlock()
	}
	return p, nil
}

func tagOf(data []byte) string {
	sum := sha256.Sum256(data)
	return fmt.Sprintf("%x", sum[:8])
}

// find returns the file for an address and its status, or the "not found" page. If
// the address is that of a folder without a slash at its end, it returns the folder.
func (s *shown) find(u *url.URL) (f site.File, status int, folder string, err error) {
	name := pathOf(u)
	if f, ok := s.files[name]; ok {
		return f, http.StatusOK, "", nil
	}
	if _, ok := s.files[name+"/index.html"]; ok && name != "" {
		return f, 0, name, nil
	}
	if s.later != nil && strings.HasPrefix(u.Path, "/search/") {
		later, err := s.later()
		if f, ok := later[name]; ok || err != nil {
			return f, http.StatusOK, "", err
		}
	}
	f, ok := s.files["404.html"]
	if !ok {
		f = notFound
	}
	return f, http.StatusNotFound, "", nil
}

func index(files []site.File) map[string]site.File {
	all := make(map[string]site.File, len(files))
	for _, f := range files {
		all[f.Path] = f
	}
	return all
}

// pathOf is the path of the file that an address names. It is "" if the address has
// an escaped slash or backslash, since these do not separate folders.
func pathOf(u *url.URL) string {
	escaped := strings.ToLower(u.EscapedPath())
	if strings.Contains(escaped, "%2f") || strings.Contains(escaped, "%5c") {
		return ""
	}
	name := strings.TrimPrefix(u.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	return name
}

// try renders one page of each kind, since a mistake in a template shows only when
// the template is used.
func (s *shown) try() error {
	tried := map[string]bool{}
	for _, f := range s.Output.Files {
		kind, _, _ := strings.Cut(f.Path, "/")
		kind += strings.Repeat("/", strings.Count(f.Path, "/"))
		if !isPage(f.Path) || tried[kind] {
			continue
		}
		tried[kind] = true
		if _, err := f.Bytes(); err != nil {
			return err
		}
	}
	return nil
}

func (l *Live) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, own) {
		l.serveOwn(w, r)
		return
	}
	s := l.use()
	defer s.release()
	p := l.answer(s, r.URL)
	switch {
	case p.folder != "":
		redirect(w, r, p.folder)
	case isPage(p.name):
		send(w, r, p.name, p.status, dress(p))
	default:
		send(w, r, p.name, p.status, p.data)
	}
}

// answer is a file of the site, or a page that says why there is none.
func (l *Live) answer(s *shown, u *url.URL) page {
	if s == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		return waitingPage(l.failed)
	}
	p, err := s.page(u)
	if err != nil {
		return brokenPage(err)
	}
	return p
}
