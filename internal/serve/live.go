package serve

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/site"
)

// Options says how a site is served. The zero value works.
type Options struct {
	Host string // the address or name that clients use, "" for this machine's loopback
}

// A Build is a site that is ready to be shown.
type Build struct {
	Output   site.Output
	Problems []problem.Problem // in the records; they do not keep the site from being shown
	Theme    string            // a new one is tried out before it is shown; see site.Site.ThemeSum
	Close    func()            // called once nobody reads from the site any more; may be nil
}

// A Live serves the newest site that could be built. Pages get a script that
// loads them again when they have changed, and shows what is wrong.
type Live struct {
	handler http.Handler

	mu      sync.Mutex
	shown   *shown            // nil before the first build
	failed  []problem.Problem // why the newest build is not the one that is shown; empty where it is
	changed chan struct{}     // closed at the next change
	done    chan struct{}     // closed at the end
	ended   bool
	streams int
}

// NewLive is a server without a site yet; until there is one it says so.
func NewLive(opt Options) *Live {
	l := &Live{changed: make(chan struct{}), done: make(chan struct{})}
	l.handler = guard(opt.Host, http.HandlerFunc(l.serve))
	return l
}

// ServeHTTP answers a request.
func (l *Live) ServeHTTP(w http.ResponseWriter, r *http.Request) { l.handler.ServeHTTP(w, r) }

// Show replaces the site. The former one is closed when the last request for it
// has ended. An error means that a page of the new one cannot be made; then the
// former one stays, and b is not closed.
func (l *Live) Show(b Build) error {
	s := &shown{Build: b, files: index(b.Output), pages: map[string]page{}}
	if before := l.current(); before == nil || before.Theme != b.Theme {
		if err := s.try(); err != nil {
			return err
		}
	}
	l.mu.Lock()
	former := l.shown
	l.shown, l.failed = s, nil
	l.notify()
	l.mu.Unlock()
	l.retire(former)
	return nil
}

// Fail says why there is no newer site. The one that is shown stays.
func (l *Live) Fail(problems []problem.Problem) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed = problems
	l.notify()
}

// Close ends all streams and lets the site go. Requests that still run get to
// their end.
func (l *Live) Close() {
	l.mu.Lock()
	former := l.shown
	l.shown = nil
	if !l.ended {
		close(l.done)
	}
	l.ended = true
	l.mu.Unlock()
	l.retire(former)
}

// notify wakes all streams; l.mu is held.
func (l *Live) notify() {
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *Live) current() *shown {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.shown
}

// use gives the site to read from, nil where there is none. The caller must call
// release.
func (l *Live) use() (s *shown, release func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s = l.shown
	if s == nil {
		return nil, func() {}
	}
	s.users++
	return s, func() {
		l.mu.Lock()
		s.users--
		last := s.retired && s.users == 0
		l.mu.Unlock()
		if last {
			s.close()
		}
	}
}

// retire closes a site as soon as nobody reads from it.
func (l *Live) retire(s *shown) {
	if s == nil {
		return
	}
	l.mu.Lock()
	s.retired = true
	idle := s.users == 0
	l.mu.Unlock()
	if idle {
		s.close()
	}
}

// shown is a site while it is served.
type shown struct {
	Build
	files
	users   int  // guarded by Live.mu, and so is
	retired bool // whether there is a newer one

	mu    sync.Mutex
	later files // made when first asked for
	pages map[string]page
}

func (s *shown) close() {
	if s.Close != nil {
		s.Close()
	}
}

// A page is a finished answer.
type page struct {
	name   string
	status int
	folder string // where the address should have ended in a slash
	data   []byte
	tag    string // changes with data
}

// keptPages is how many pages are kept rendered: each open one is asked for by
// its stream and, when it has changed, by its tab.
const keptPages = 64

// page makes the answer for an address, or gives it again.
func (s *shown) page(u *url.URL) (page, error) {
	f, status, folder, err := s.lookUp(u)
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

// lookUp is find with the files that are made later.
func (s *shown) lookUp(u *url.URL) (f site.File, status int, folder string, err error) {
	f, status, folder = s.find(u)
	if status != http.StatusNotFound || s.Output.Later == nil || !strings.HasPrefix(u.Path, "/search/") {
		return f, status, folder, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.later == nil {
		all, err := s.Output.Later()
		if err != nil {
			return f, 0, "", err
		}
		s.later = index(site.Output{Files: all})
	}
	if made, ok := s.later[pathOf(u)]; ok {
		return made, http.StatusOK, "", nil
	}
	return f, status, folder, nil
}

// try renders a page of each kind, since a mistake in a template shows only when
// it is used.
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
	s, release := l.use()
	defer release()
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

// answer is what an address gets: a file of the site, or a page that says why
// there is none.
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
