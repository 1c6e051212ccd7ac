package adopt

import (
	"path"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// A Header is a line that a host should send with every answer.
type Header struct{ Name, Value string }

// Headers are what a host should send with each file of a site. Pages name the first
// part of the policy themselves; what only a header can say comes after it. Whether a
// name is ever shown without TLS is the host's decision, so there is no
// Strict-Transport-Security here.
var Headers = []Header{
	{"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "same-origin"},
	{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
}

// How long a browser may keep a file without asking: those in assets/ have a hash in
// their names, all others may change with the next build.
const (
	CacheHashed = "max-age=31536000, immutable"
	CacheOthers = "no-cache"
)

// hostsGuide has these lines for web servers and hosts.
const hostsGuide = "https://github.com/deploysite/deploysite/blob/main/docs/guide/hosts.md"

// headersFile is the file that Netlify and Cloudflare read. Both let browsers ask for
// each file again where nothing is said, and Cloudflare joins what two rules say: so
// only one rule has a Cache-Control.
const headersFile = "_headers"

// HeadersFile is the content of that file.
func HeadersFile() string {
	var b strings.Builder
	b.WriteString("/*\n")
	for _, h := range Headers {
		b.WriteString("  " + h.Name + ": " + h.Value + "\n")
	}
	b.WriteString("\n/assets/*\n  Cache-Control: " + CacheHashed + "\n")
	return b.String()
}

// staticHosts read that file from the folder that they publish. A repository says in
// one of these files which folder that is.
var staticHosts = []struct{ name, file string }{
	{"Netlify", "netlify.toml"}, {"Cloudflare", "wrangler.toml"}, {"Cloudflare", "wrangler.jsonc"}, {"Cloudflare", "wrangler.json"},
}

// folderLine may say so, in TOML or in JSON with comments.
var folderLine = text.Pattern(`(?m)^[^#/\n]*\b(?:publish|pages_build_output_dir|directory)"?[ \t]*[=:][ \t]*["']([^"'\n]+)["']`)

// publishes reports whether settings of a host name a folder as the one to publish.
func publishes(settings []byte, folder string) bool {
	return slices.ContainsFunc(folderLine().FindAllSubmatch(settings, -1), func(m [][]byte) bool { return path.Clean(string(m[1])) == path.Clean(folder) })
}

// headers plans the file of headers where the repository says that its host publishes
// the site. Where the host publishes something else, these lines would break that.
func (p *planner) headers() {
	for _, host := range staticHosts {
		if !p.tree.has(host.file) {
			continue
		}
		settings := p.tree.read(host.file)
		if !publishes(settings, p.config.Output) {
			p.left("host", host.file, "does not say that "+host.name+" publishes "+p.config.Output+"/, so no headers are written for it; "+hostsGuide+" has them")
			continue
		}
		p.found("host", host.file, host.name+" publishes "+p.config.Output+"/")
		p.host = host.name
		copied := "cp " + headersFile + " " + p.config.Output + "/"
		f := p.file(headersFile, "the headers that "+host.name+" should send with the site", HeadersFile())
		if f != nil && !strings.Contains(string(settings), copied) {
			f.next = "let the command by which " + host.name + " builds the site end with:  && " + copied
		}
		return
	}
}
