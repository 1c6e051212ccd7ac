package secrets

import (
	"fmt"
	"strings"
	"testing"
)

// A secret may be written with escapes of Markdown or HTML, which a page shows without.
func TestEscapedSecrets(t *testing.T) {
	m := newMaker(7)
	key, pass := "AKIA"+m.upper(16), m.word()
	for text, want := range map[string]string{
		fmt.Sprintf("the key is %s&#x%X;%s here", key[:4], key[4], key[5:]): "the key is ‹secret-removed:aws-access-token› here",
		`- DB\_PASSWORD=` + pass + " ":                                      `- DB\_PASSWORD=‹secret-removed:password› `,
		"&quot;password&quot;: &quot;" + pass + "&quot;":                    "&quot;password&quot;: &quot;‹secret-removed:password›&quot;",
		`a\_b &amp; c`: `a\_b &amp; c`,
	} {
		checkSound(t, []byte(text))
		if got := (Finder{}).Text(text); got != want {
			t.Errorf("%s\nbecomes\n%s\nnot\n%s", text, got, want)
		}
	}
}

// A reader sees a secret as one where marks of Markdown or HTML break it.
func TestBrokenSecrets(t *testing.T) {
	m := newMaker(9)
	for _, form := range []string{
		"g**hp_%s%s**", "**ghp_**%s%s", "`ghp_`%s%s", "ghp_<b>%s</b>%s", "<pre>ghp_<b class=\"a\">%s%s</b></pre>", "ghp_<!-- -->%s%s", "ghp_%s~~%s~~",
		"[ghp_](https://example.com)%s%s", "ghp_[%s](x \"y\")%s", "ghp_[%s][a]%s", "ghp_%s[^1]%s", "ghp_![](x.png)%s%s", "![ghp_*%s*%s](x.png)",
		"[a]: x \"ghp&#95;%s%s\"", "[^1]: ghp_%s*%s*", "| a | ghp_%s**%s** \\| b |", "&#103;hp_%s%s", "&#103hp_%s%s", "&#x67;hp_%s&ZeroWidthSpace;%s",
		"ghp_%s\u200b%s", "ghp_%s\u00ad%s", "ghp_%s\u2060\u200d%s", "ghp_%s\ufe0f%s", "ghp_%s\u034f%s", "https://example.com/?t=ghp%%5F%s%s", "https://example.com/%%67hp_%s%s",
		"---\nx: {y: \"ghp_%s\\\n  %s\"}\n---", "---\n\"\\x67hp_%s%s\": 1\n---", "+++\nx = \"\\u0067hp_%s%s\"\n+++", "ｇｈｐ＿%s%s", "ghp_%s<span style='a'>%s</span>", "ghp_<wbr>%s<WBR/>%s", "ghp_<x-y\n>%s</x-y>%s", "ghp_<?php ?>%s<!x>%s",
		"ghp_[%[1]s]%[2]s\n\n[%[1]s]: x", "[ghp_]%s%s\n\n[ghp_]: x",
		"ghp_%s\n%s", "> ghp_%s\n> %s", "    ghp_%s\r\n    %s", "| ghp_%s<br>%s |",
	} {
		first, last := m.alnum(20), m.alnum(16)
		text := fmt.Sprintf("see "+form+" here", first, last)
		checkSound(t, []byte(text))
		got, _, _ := strings.Cut(Finder{}.Text(text), "\n\n[") // no page shows definitions
		if strings.Contains(got, first) || strings.Contains(got, last) || !strings.Contains(got, Mark("github-pat")) {
			t.Errorf("%s\nbecomes\n%s", text, got)
		}
	}
	for _, text := range []string{
		"the `password` is *here*: [the vault](https://vault.internal/prod/db2)", "**token**: `****`", "`cp *.go **/*.md` and 5*3*2", "ad**min** p**assword** <b>policy</b>",
		"[password reset](reset.md#x2)", "<kbd>Ctrl</kbd>+<kbd>C</kbd>", "パスワード：＊＊＊", "a%20b%2Fc", "pass<b>word</b>: changed",
	} {
		if found := (Finder{}).Find([]byte(text)); len(found) > 0 {
			t.Errorf("no secret: %q: %v", text, found)
		}
	}
}

// No mark is so long that what it breaks is whole on a page.
func TestLongMarks(t *testing.T) {
	m, long := newMaker(11), strings.Repeat("x y ", 5000)
	for _, form := range []string{"ghp_%[1]s<!-- %[3]s -->%[2]s", "ghp_%[1]s<b title=\"%[3]s\">%[2]s</b>", "[ghp_%[1]s](<x> \"%[3]s\")%[2]s", "ghp_%[1]s![](x%[4]s)%[2]s"} {
		first, last := m.alnum(20), m.alnum(16)
		text := strings.Repeat("a<!b\n", 10) + fmt.Sprintf("see "+form+" here", first, last, long, strings.Repeat("x", 9000))
		checkSound(t, []byte(text))
		if got := (Finder{}).Text(text); strings.Contains(got, first) || strings.Contains(got, last) {
			t.Errorf("%.200s\nbecomes\n%.200s", text, got)
		}
	}
	first, last := m.alnum(24), m.alnum(24)
	cookie := "Cookie: " + strings.Repeat("a=b; ", 2000) + "session=" + last
	manifest := "data:\n  a: " + first + "\n  b: " + strings.Repeat("x", 9000) + "\nkind: Secret\nmetadata:\n  name: " + strings.Repeat("x", 9000) + "\nstringData:\n  c: " + last + "\n"
	table := "| user | password | " + strings.Repeat("x", 9000) + " |\n|--|--|--|\n| ada | " + first + " | " + strings.Repeat("y", 9000) + " |\n| ben | " + last + " | |\n"
	for _, text := range []string{cookie, manifest, table} {
		checkSound(t, []byte(text))
		if got := (Finder{}).Text(text); strings.Contains(got, first) || strings.Contains(got, last) {
			t.Errorf("%.200s\nbecomes\n%.200s … %s", text, got, got[len(got)-100:])
		}
	}
}

// What one place tells to be a secret is one elsewhere, too.
func TestRepeatedSecrets(t *testing.T) {
	pass := newMaker(10).word()
	mark := Mark("password")
	for text, want := range map[string]string{
		"DB_PASSWORD=" + pass + "\n\nuse `" + pass + "`, not x" + pass:                              "DB_PASSWORD=" + mark + "\n\nuse `" + mark + "`, not x" + pass,
		pass + " is it <!-- secret-ok: password -->\n\npassword: " + pass:                           pass + " is it <!-- secret-ok: password -->\n\npassword: " + mark,
		"- password=x" + pass + " <!-- secret-ok: password -->\n- password=" + pass:                 "- password=x" + pass + " <!-- secret-ok: password -->\n- password=" + mark,
		"> <!-- secret-ok: password -->\n> password=" + pass + "\n> password=y" + pass:              "> <!-- secret-ok: password -->\n> password=" + pass + "\n> password=" + mark,
		"password: " + pass + " <!-- secret-ok: password -->\n\n" + pass + " is of the test system": "password: " + pass + " <!-- secret-ok: password -->\n\n" + pass + " is of the test system",
	} {
		checkSound(t, []byte(text))
		if got := (Finder{}).Text(text); got != want {
			t.Errorf("%s\nbecomes\n%s\nnot\n%s", text, got, want)
		}
	}
}
