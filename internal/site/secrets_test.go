package site

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/problem"
)

// A vault makes secrets, so that no scanner finds any in this file, and remembers them.
type vault struct {
	r   *rand.Rand
	all []string
}

func (v *vault) random(n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[v.r.IntN(len(letters))]
	}
	b[n/2], b[n/3] = '7', 'Q'
	s := string(b)
	v.all = append(v.all, s)
	return s
}

// fill puts a secret of n characters in the place of each §n§.
func (v *vault) fill(text string) string {
	var out strings.Builder
	for i, part := range strings.Split(text, "§") {
		if i%2 == 0 {
			out.WriteString(part)
			continue
		}
		n := 0
		fmt.Sscan(part, &n)
		out.WriteString(v.random(n))
	}
	return out.String()
}

func (v *vault) key(prefix string) string {
	lines := []string{"-----BEGIN RSA PRIVATE KEY-----"}
	for range 6 {
		lines = append(lines, v.random(64))
	}
	return prefix + strings.Join(append(lines, "-----END RSA PRIVATE KEY-----"), "\n"+prefix) + "\n"
}

// hold makes a project that holds secrets wherever it can.
func (v *vault) hold(t *testing.T) string {
	basic := base64.StdEncoding.EncodeToString([]byte("ada:" + v.random(12)))
	v.all = append(v.all, basic)
	return write(t, []txtar.File{
		{Name: "deploysite.toml", Data: []byte(v.fill("title = \"Shop with token=§30§\"\ndocuments = \"docs/runbooks\"\n"))},
		{Name: "deployments/checklists/2024-08-31-14-30-deployment.md", Data: []byte(v.fill(`---
title: "Move with ghp_§36§"
services: [shop]
deployer: "ada password=§13§"
tags: [a, "password=§14§"]
db_password: §15§
links:
  ci: https://ci.internal/x?token=§30§
---

# Deployment glpat-§20§

- [x] Step with glrt-§20§ done
- [!] curl -u ada:§12§ https://x.internal

![The picture glpat-§20§](x.png "password=§16§")

| key | value |
|---|---|
| password | §13§ |

See [here](https://ada:§12§@host/x), <https://bob:§12§@host/y> and the [file][1].

[1]: https://host/z?api_key=§24§

`+"```bash\nexport DB_PASSWORD=§16§\nmysql -pa§13§ shop\n```\n\n    password: '§14§'\n\n```json\n{\"client_secret\": \"§32§\"}\n```\n\n"+`
## Issues

- Login failed with `+"`PGPASSWORD=§14§`"+`

### Broke: bearer §40§

## Tips

- Use --token §22§
- redis://:§17§@cache

<details><summary>secret=§19§</summary>password: "§21§"</details>

<img src="x.png" alt="api_key=§28§">
<!-- api_key=§28§ -->
`) + "\n" + v.key("") + "\n" + v.key("> "))},
		{Name: "deployments/checklists/2024-09-01-14-30-ghp_" + v.random(36) + ".md", Data: []byte("# Named\n\n- [x] a\n")},
		{Name: "docs/deployment-checklist.md", Data: []byte(v.fill("# Checklist\n\n- [ ] export SMTP_PASSWORD=§14§\n"))},
		{Name: "docs/deployment-process.md", Data: []byte(v.fill("# Process\n\nUse `sshpass -p §14§ ssh web`.\n"))},
		{Name: "docs/runbooks/one.md", Data: []byte(v.fill("---\ntitle: Notes secret_token=§24§\n---\n# One\n\nAuthorization: Basic ") + basic + "\n")},
	})
}

// shows reports which secrets stand anywhere in a site.
func (v *vault) shows(files map[string]string) (shown []string) {
	for path, text := range files {
		for _, s := range v.all {
			for _, form := range []string{s, strings.ToLower(s), url.QueryEscape(s)} {
				if strings.Contains(text, form) || strings.Contains(path, form) {
					shown = append(shown, path+": "+s)
				}
			}
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(shown)))
}

func TestNoSecretIsPublished(t *testing.T) {
	v := &vault{r: rand.New(rand.NewPCG(1, 2))}
	root := v.hold(t)
	run := func(args ...string) {
		cmd := exec.Command("git", args...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	run("init", "-q")
	run("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "add", ".")
	run("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "-qm", "docs: it was glpat-"+v.random(20))
	s := loadLive(t, root, nil)
	files := content(t, s)
	for _, shown := range v.shows(files) {
		t.Error("published:", shown)
	}
	if len(files) < 20 || !strings.Contains(files["records/2024-08-31-14-30/index.html"], `<mark class="secret">‹secret-removed:private-key›</mark>`) {
		t.Errorf("the site has %d files, and its record no mark", len(files))
	}
	secret := func(p problem.Problem) bool { return p.Rule == problem.Secret }
	for _, p := range s.Problems {
		if secret(p) && (p.Line == 0 || p.Column == 0) {
			t.Error("a secret without a place:", p)
		}
	}
	places := problemList(s)
	for _, want := range []string{"-deployment.md:2:19: warning: this looks like a secret (github-pat)", "deploysite.toml:1:26: warning: ", "docs/deployment-checklist.md:3:28: ", "docs/deployment-process.md:3:17: ", "docs/runbooks/one.md:2:27: ", "its name holds what looks like a secret (github-pat)"} {
		if !strings.Contains(places, want) {
			t.Errorf("no problem has %q:\n%s", want, places)
		}
	}

	// The next site says the same of the record that it did not read again.
	again := loadLive(t, root, s)
	if got := problemList(again); got != places {
		t.Errorf("the second load has other problems:\n%s\nthe first had:\n%s", got, places)
	}
	for _, shown := range v.shows(content(t, again)) {
		t.Error("published by the second load:", shown)
	}
}

// A problem behind a secret, in its line or below a private key, has its own place.
func TestPlacesBehindSecrets(t *testing.T) {
	v := &vault{r: rand.New(rand.NewPCG(3, 4))}
	text := v.fill("# Move\n\nIt was glpat-§20§, see [a](a.md).\n\n") + v.key("") + "\nSee [b](b.md).\n"
	s, _ := load(t, write(t, []txtar.File{{Name: "deployments/checklists/2024-08-31-14-30-deployment.md", Data: []byte(text)}}))
	for _, want := range []string{"deployment.md:3:41: warning: there is no such file: \"a.md\"", "deployment.md:14:6: warning: there is no such file: \"b.md\""} {
		if got := problemList(s); !strings.Contains(got, want) {
			t.Errorf("no problem has %q:\n%s", want, got)
		}
	}
}

// What somebody allows is shown as it is, by a comment in its line, before its line or
// its block of code, or by the fingerprint that the warning names.
func TestAllowedSecrets(t *testing.T) {
	v := &vault{r: rand.New(rand.NewPCG(5, 6))}
	text := v.fill("# Move\n\npassword=§14§ <!-- secret-ok: password -->\n\n<!-- secret-ok: password -->\n\n```sh\nPGPASSWORD=§14§\nPGPASSWORD=§14§\n```\n\n" +
		"<!-- secret-ok: password -->\n```sh\nPGPASSWORD=§14§\nPGPASSWORD=§14§\n```\n\nDB_PASSWORD=§14§ <!-- secret-ok: token -->\n")
	root := write(t, []txtar.File{{Name: "deployments/checklists/2024-08-31-14-30-deployment.md", Data: []byte(text)}})
	lines := func(s *Site) (lines []int) {
		for _, p := range s.Problems {
			lines = append(lines, p.Line)
		}
		return lines
	}
	s, _ := load(t, root)
	if got := lines(s); !slices.Equal(got, []int{8, 9, 18}) {
		t.Errorf("the lines %v have secrets, want 8, 9 and 18", got)
	}
	_, hint, _ := strings.Cut(s.Problems[2].Hint, "allow = ")
	hint, _, _ = strings.Cut(hint, " under")
	if err := os.WriteFile(filepath.Join(root, "deploysite.toml"), []byte("[secrets]\nallow = "+hint+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s, out := load(t, root)
	if got := lines(s); !slices.Equal(got, []int{8, 9}) {
		t.Errorf("with %s allowed the lines %v have secrets", hint, got)
	}
	if html := page(t, out, "records/2024-08-31-14-30/index.html"); !strings.Contains(html, v.all[5]) || strings.Contains(html, v.all[1]) {
		t.Error("the page does not show what is allowed, or shows what is not")
	}
}
