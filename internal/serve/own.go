package serve

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"strings"

	"golang.org/x/net/html"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/publish"
)

// own is the folder of the server's own files. No site has such a folder.
const own = "/_deploysite/"

//go:embed assets
var assets embed.FS

func (l *Live) serveOwn(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, own)
	if name == "events" {
		l.events(w, r)
		return
	}
	data, err := assets.ReadFile("assets/" + path.Clean("/" + name)[1:])
	if err != nil || strings.Contains(name, "/") || isPage(name) {
		send(w, r, "index.html", http.StatusNotFound, []byte(notFoundText))
		return
	}
	if r.URL.RawQuery == scriptTag && name == "reload.js" {
		keepForEver(w)
	}
	send(w, r, name, http.StatusOK, data)
}

// scriptTag is the query of the script's address, so that a browser may keep the
// script until it changes.
var scriptTag = func() string {
	data, err := assets.ReadFile("assets/reload.js")
	if err != nil {
		panic(err) // it is part of this program
	}
	return tagOf(data)
}()

const notFoundText = "<!doctype html><title>Not found</title><p>There is no such page.\n"

// notFound is for sites without a page of their own for it.
var notFound = publish.Static("404.html", []byte(notFoundText))

//go:embed assets/waiting.html
var waitingText string

var waiting = template.Must(template.New("waiting").Parse(waitingText))

// waitingPage says why there is no site yet.
func waitingPage(failed []problem.Problem) page {
	return saying("There is no site yet", "It appears here as soon as these are mended and saved.", failed, http.StatusServiceUnavailable)
}

// brokenPage says why one page cannot be made.
func brokenPage(err error) page {
	return saying("This page cannot be made", "It appears here as soon as this is mended and saved.",
		[]problem.Problem{problem.BuildFailed.In("", err.Error(), "")}, http.StatusInternalServerError)
}

func saying(title, what string, failed []problem.Problem, status int) page {
	var b bytes.Buffer
	err := waiting.Execute(&b, struct {
		Title, What string
		Problems    []reported
	}{title, what, listed(failed)})
	if err != nil {
		b.WriteString(notFoundText)
	}
	return page{name: "index.html", status: status, data: b.Bytes(), tag: tagOf(b.Bytes())}
}

// dress adds the reloading script to a page, and lets the page's
// Content-Security-Policy allow its connection to this server. The rest of the
// policy stays, so that what works here also works in the built site.
func dress(p page) []byte {
	script := fmt.Sprintf(`<script src="%sreload.js?%s" defer data-page="%s" data-status="%d"></script>`, own, scriptTag, p.tag, p.status)
	z := html.NewTokenizer(bytes.NewReader(p.data))
	var out bytes.Buffer
	out.Grow(len(p.data) + len(script) + 64)
	at := 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		raw := len(z.Raw())
		name, more := z.TagName()
		switch tag := string(name); {
		case kind == html.StartTagToken && tag == "body", kind == html.EndTagToken && tag == "head":
			out.WriteString(script) // at the head's end, where all of its policies are known
			out.Write(p.data[at:])
			return out.Bytes()
		case (kind == html.StartTagToken || kind == html.SelfClosingTagToken) && tag == "meta" && more:
			if policy, ok := policyOf(z); ok {
				fmt.Fprintf(&out, `<meta http-equiv="Content-Security-Policy" content="%s">`, html.EscapeString(mayListen(policy)))
				at += raw
				continue
			}
		}
		out.Write(p.data[at : at+raw])
		at += raw
	}
	out.Write(p.data[at:])
	out.WriteString(script)
	return out.Bytes()
}

// policyOf is the policy in the meta element whose name was just read.
func policyOf(z *html.Tokenizer) (policy string, ok bool) {
	more := true
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		switch string(key) {
		case "http-equiv":
			ok = strings.EqualFold(string(value), "Content-Security-Policy")
		case "content":
			policy = string(value)
		}
	}
	return policy, ok
}

// mayListen is a policy that also allows connections to the page's own server.
func mayListen(policy string) string {
	directives := strings.Split(policy, ";")
	for i, d := range directives {
		words := strings.Fields(d)
		if len(words) == 0 || !strings.EqualFold(words[0], "connect-src") {
			continue
		}
		if len(words) == 2 && strings.EqualFold(words[1], "'none'") {
			words = words[:1]
		}
		directives[i] = " " + strings.Join(append(words, "'self'"), " ")
		return strings.Join(directives, ";")
	}
	return strings.TrimRight(policy, "; ") + "; connect-src 'self'"
}
