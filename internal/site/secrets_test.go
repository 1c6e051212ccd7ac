package site

import (
	"encoding/base64"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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

// A token is not shown whole however a text breaks it: neither with the tags of a page nor
// without them, nor if characters that show nothing and the ends of lines are left out.
func TestNoBrokenTokenIsPublished(t *testing.T) {
	v := &vault{r: rand.New(rand.NewPCG(3, 4))}
	long := strings.Repeat("x", 400)
	var files []txtar.File
	var tokens, forms []string
	add := func(head, form, tail string) {
		first, last := v.random(20), v.random(16)
		tokens, forms = append(tokens, "ghp_"+first+last), append(forms, form)
		text := strings.NewReplacer("§", "ghp_", "1st", first, "2nd", last, "LONG", long).Replace(head + form + tail)
		files = append(files, txtar.File{Name: fmt.Sprintf("deployments/checklists/2024-08-31-%02d-%02d-deployment.md", len(files)/60, len(files)%60), Data: []byte(text)})
	}
	for _, form := range []string{
		"g**hp_1st2nd**", "***g***hp_1st2nd", "§<i>1st</i><b>2nd</b>", "<span>§</span><span>1st2nd</span>", "§1st[^1]2nd\n\n[^1]: x", "a[^1]\n\n[^1]: §*1st*2nd",
		"§[1st]2nd\n\n[1st]: x", "§![1st]2nd\n\n[1st]: x.png", "[§1st][]2nd\n\n[§1st]: x", "[![§](x.png)](y)1st2nd", "[§](https://x.internal/LONG)1st2nd", "§<b title=\"LONG\">1st</b>2nd",
		"§<b title=\">\">1st</b>2nd", "§<b title='<'>1st</b>2nd", "<a href=\"https://x.internal\">§1st</a>2nd", "§1st<!-- LONG -->2nd", "§1st&shy;2nd", "§1st&zwnj;2nd", "§1st&#8203;2nd", "ghp&lowbar;1st2nd", "ghp&#x5f;1st2nd",
		"§1st\n2nd", "§1st  \n2nd", "§1st\\\n2nd", "§1st<br>2nd", "§1st<br/>\n2nd", "    §1st\n    2nd", "```\n§1st\n2nd\n```", "> §1st\n> 2nd", "- §1st\n  2nd", "| a |\n|---|\n| §1st*2nd* |",
		"# §1st*2nd*", "§1st**2nd**\n===", "<details><summary>§1st<b>2nd</b></summary>x</details>", "![§1st*2nd*](x.png)", "[a](x.md \"ghp&#95;1st2nd\")", "[a](x.md \"§1st\n2nd\")", "<img src=\"x.png\" alt=\"ghp&#95;1st2nd\">",
		"<https://x.internal/?t=§1st2nd>", "https://x.internal/?t=%67hp_1st2nd", "`§1st``2nd`", "§1st\u200b2nd", "§1st\u00ad2nd", "§1st\ufeff2nd", "§1st\u20632nd", "§1st\U000e00202nd", "\u202e§1st\u202c2nd", "ｇｈｐ＿1st2nd",
		"§1st<kbd>2nd</kbd>", "§1st<sup></sup>2nd", "§1st<wbr>2nd", "§1st<?x ?>2nd", "§1st<![CDATA[ ]]>2nd", "§1st<unknown>2nd</unknown>", "- [x] §1st*2nd*", "- [ ] do <!-- step: §1st2nd -->", "## Tips\n\n- use §1st*2nd*", "## Issues\n\n### it was §1st*2nd*\n\nx",
		"**Version:** §1st*2nd*", "| Deployer | §1st*2nd* |\n|---|---|", "<pre>§<b>1st</b>2nd</pre>", "<div>\n§<b>1st</b>2nd\n</div>", "~~§~~1st2nd", "[§1st](<x y>)2nd", "[§1st](x \"a)b\")2nd", "[§1st](x_(y)_z)2nd", "§1st\\\\2nd",
	} {
		add("---\nstatus: succeeded\n---\n\n# x\n\n", form, "\n")
	}
	for _, form := range []string{"\"\\x67hp_1st2nd\"", "\"ghp\\u005f1st2nd\"", "\"§1st\\\n  2nd\"", ">-\n  §1st\n  2nd", "|\n  §1st\n  2nd", "'§1st\n  2nd'", "[§1st2nd]", "{a: §1st2nd}", "!!str §1st2nd", "&a §1st2nd", "\"§1st\\u200b2nd\""} {
		add("---\nstatus: succeeded\ntitle: ", form, "\n---\n\nx\n")
		add("---\nstatus: succeeded\nservice: ", form, "\n---\n\nx\n")
	}
	s := loadLive(t, write(t, files), nil)
	tags, nothing := regexp.MustCompile(`<[^>]*>`), regexp.MustCompile(`[\p{Cf}\p{M}\n\r]|\\n|\\u00ad|\\u200b`)
	for path, content := range content(t, s) {
		for _, text := range []string{content, tags.ReplaceAllString(content, "")} {
			text = html.UnescapeString(text)
			for i, token := range tokens {
				if strings.Contains(text, token) || strings.Contains(nothing.ReplaceAllString(text, ""), token) {
					t.Errorf("%s shows %q", path, forms[i])
				}
			}
		}
	}
}
