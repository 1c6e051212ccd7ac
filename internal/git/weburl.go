package git

import (
	"net/url"
	"regexp"
	"strings"
)

// WebURL turns the address of a remote into that of its page on the forge:
// "git@github.com:ada/jump-man.git" and "ssh://git@github.com:22/ada/jump-man"
// both give "https://github.com/ada/jump-man". User names, passwords and tokens
// are left out. A remote without a page, such as a local folder, gives "".
func WebURL(remote string) string {
	if host, path, ok := scpAddress(remote); ok {
		return pageURL("https", host, path)
	}
	u, err := url.Parse(remote)
	if err != nil {
		return ""
	}
	switch u.Scheme {
	case "https", "http":
		return pageURL(u.Scheme, u.Host, u.Path)
	case "ssh", "git", "git+ssh", "ssh+git":
		return pageURL("https", hostname(u), u.Path) // the port is that of ssh or git
	}
	return ""
}

var scpForm = regexp.MustCompile(`^(?:[^/@:]+@)?(\[[0-9A-Fa-f:.]+\]|[^/@:]{2,}):(.+)$`)

// scpAddress splits "user@host:path". As in git, it is a local path if a slash
// stands before the colon, or a single letter, which is a drive on Windows.
func scpAddress(remote string) (host, path string, ok bool) {
	m := scpForm.FindStringSubmatch(remote)
	if m == nil || strings.HasPrefix(m[2], "//") {
		return "", "", false
	}
	return m[1], m[2], true
}

func hostname(u *url.URL) string {
	if port := u.Port(); port != "" {
		return strings.TrimSuffix(u.Host, ":"+port)
	}
	return u.Host
}

func pageURL(scheme, host, path string) string {
	path = strings.TrimSuffix(strings.Trim(path, "/"), ".git")
	if host == "" || path == "" {
		return ""
	}
	return (&url.URL{Scheme: scheme, Host: host, Path: "/" + path}).String()
}
