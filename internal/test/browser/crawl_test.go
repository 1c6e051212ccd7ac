package browser

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A crawler follows every link of a published site, as a reader or a search
// engine would, and notes what leads nowhere.
type crawler struct {
	client *http.Client
	root   string // the start page's folder; whatever begins with it is the site

	pages    map[string]*crawled // by address, without fragment
	problems []string
}

// A crawled is one file of the site as its host sent it.
type crawled struct {
	status int
	ids    map[string]bool // of a page
	links  []string        // absolute, with fragments
}

// crawl starts at an address and follows all that stays on the site.
func crawl(client *http.Client, root, start string) *crawler {
	c := &crawler{client: client, root: root, pages: map[string]*crawled{}}
	c.visit(start, http.StatusOK)
	for _, at := range c.addresses() {
		for _, link := range c.pages[at].links {
			c.checkPlace(at, link)
		}
	}
	return c
}

// addresses are all that were visited, in order.
func (c *crawler) addresses() []string {
	var all []string
	for at := range c.pages {
		all = append(all, at)
	}
	slices.Sort(all)
	return all
}

func (c *crawler) report(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

// withoutPlace is an address without fragment and query, which a static host
// does not look at.
func withoutPlace(link string) string {
	link, _, _ = strings.Cut(link, "#")
	link, _, _ = strings.Cut(link, "?")
	return link
}

// visit reads one address, and then what it links to. It recurses: the chain of
// pages that link only to the next is never longer than the history.
func (c *crawler) visit(address string, want int) {
	page := &crawled{}
	c.pages[address] = page
	response, err := c.client.Get(address)
	if err != nil {
		c.report("%s: %v", address, err)
		return
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close() // now: the pages that this one links to come first
	if err != nil {
		c.report("%s: %v", address, err)
	}
	page.status = response.StatusCode
	base := response.Request.URL // after redirects
	kind, _, _ := strings.Cut(response.Header.Get("Content-Type"), ";")
	page.links, page.ids = linksOf(base, kind, body)
	for _, link := range page.links {
		target := withoutPlace(link)
		if target == address {
			continue // a page for what is missing leads to its own main part, too
		}
		if !strings.HasPrefix(target, c.root) {
			if u, err := url.Parse(target); err != nil || u.Host == base.Host && u.Scheme == base.Scheme {
				c.report("%s: link to %s leaves the site's folder on the same host", address, target)
			}
			continue
		}
		if c.pages[target] == nil {
			c.visit(target, http.StatusOK)
		}
		if got := c.pages[target].status; got != http.StatusOK {
			c.report("%s: link to %s: status %d", address, target, got)
		}
	}
	if page.status != want {
		c.report("%s: status %d, want %d", address, page.status, want)
	}
}

// checkPlace checks that the place exists that a link's fragment names.
func (c *crawler) checkPlace(from, link string) {
	_, fragment, _ := strings.Cut(link, "#")
	page := c.pages[withoutPlace(link)]
	if page == nil || fragment == "" || page.ids == nil {
		return
	}
	if id, err := url.PathUnescape(fragment); err != nil || !page.ids[id] {
		c.report("%s: link to %s: there is no such place", from, link)
	}
}

// cssURL is what a style sheet loads.
var cssURL = regexp.MustCompile(`url\(\s*["']?([^"')]+)["']?\s*\)`)

// linksOf lists what a file links to or loads, and the ids of a page. Addresses
// with another scheme than the page's are left out: they are not the site's.
func linksOf(base *url.URL, kind string, body []byte) (links []string, ids map[string]bool) {
	var raw []string
	switch kind {
	case "text/html":
		raw, ids = linksOfPage(body)
	case "text/css":
		for _, m := range cssURL.FindAllSubmatch(body, -1) {
			raw = append(raw, string(m[1]))
		}
	}
	for _, r := range raw {
		u, err := base.Parse(strings.TrimSpace(r))
		if err == nil && u.Scheme == base.Scheme {
			links = append(links, u.String())
		}
	}
	return links, ids
}

func linksOfPage(body []byte) (links []string, ids map[string]bool) {
	ids = map[string]bool{}
	z := html.NewTokenizer(bytes.NewReader(body))
	for z.Next() != html.ErrorToken {
		for _, a := range z.Token().Attr {
			switch a.Key {
			case "href", "src", "action", "poster":
				links = append(links, a.Val)
			case "srcset":
				for candidate := range strings.SplitSeq(a.Val, ",") {
					address, _, _ := strings.Cut(strings.TrimSpace(candidate), " ")
					links = append(links, address)
				}
			case "id":
				ids[a.Val] = true
			}
		}
	}
	return links, ids
}

// checkCrawl says what a crawl found, and which pages of the site nothing leads
// to.
func checkCrawl(t *testing.T, c *crawler, b built) {
	t.Helper()
	for _, p := range c.problems {
		t.Error(p)
	}
	for _, f := range b.output.Files {
		if !strings.HasSuffix(f.Path, ".html") || f.Path == "404.html" {
			continue
		}
		at := c.root + (&url.URL{Path: f.Path}).EscapedPath()
		if c.pages[at] == nil && c.pages[strings.TrimSuffix(at, "index.html")] == nil {
			t.Errorf("nothing leads to %s", f.Path)
		}
	}
}

// disk answers for file: addresses as a browser does, but shows no folders: a
// link to one would show its list of files to the reader.
type disk struct{}

func (disk) RoundTrip(r *http.Request) (*http.Response, error) {
	response := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}
	name := filepath.FromSlash(r.URL.Path)
	data, err := os.ReadFile(name)
	if err != nil {
		response.StatusCode = http.StatusNotFound
		return response, nil
	}
	response.Header.Set("Content-Type", map[string]string{".html": "text/html", ".css": "text/css"}[filepath.Ext(name)])
	response.Body = io.NopCloser(bytes.NewReader(data))
	return response, nil
}

func diskClient() *http.Client {
	transport := &http.Transport{}
	transport.RegisterProtocol("file", disk{})
	return &http.Client{Transport: transport}
}
