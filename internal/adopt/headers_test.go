package adopt

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/themes"
)

// TestPolicyOfPages holds the header to what each page says by itself.
func TestPolicyOfPages(t *testing.T) {
	layout, err := fs.ReadFile(themes.Default(), "templates/layout.html")
	if err != nil {
		t.Fatal(err)
	}
	policy := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindSubmatch(layout)
	if policy == nil || !strings.HasPrefix(Headers[0].Value, string(policy[1])+"; ") {
		t.Errorf("pages say %q, the header %q", policy, Headers[0].Value)
	}
}

func TestHostThatPublishes(t *testing.T) {
	for _, c := range []struct {
		file, content string
		publishes     bool
	}{
		{"netlify.toml", "[build]\ncommand = \"mise run deploy-site\"\npublish = \"public\"\n", true},
		{"netlify.toml", "[build]\r\n  publish = 'public/'\r\n", true},
		{"netlify.toml", "[build]\npublish = \"./public\" # the records\n", true},
		{"netlify.toml", "[build]\npublish = \"dist\"\n", false},
		{"netlify.toml", "[build]\n# publish = \"public\"\n", false},
		{"netlify.toml", "[build]\npublish = \".\"\n", false},
		{"netlify.toml", "", false},
		{"netlify.toml", "\x00 publish", false},
		{"wrangler.toml", "name = \"records\"\npages_build_output_dir = \"./public\"\n", true},
		{"wrangler.toml", "[assets]\ndirectory = \"./public/\"\n", true},
		{"wrangler.toml", "assets = { directory = \"public\" }\n", true},
		{"netlify.toml", "[functions]\ndirectory = \"netlify/functions\"\n[build]\npublish = \"public\"\n", true},
		{"wrangler.toml", "main = \"src/index.js\"\n", false},
		{"wrangler.jsonc", "{\n  // Pages\n  \"pages_build_output_dir\": \"public\",\n}\n", true},
		{"wrangler.json", `{"name": "records", "assets": {"directory": "./public"}}`, true},
		{"wrangler.jsonc", "{\n  // \"pages_build_output_dir\": \"public\",\n}\n", false},
	} {
		plan := look(t, repository(c.file, c.content), Facts{Git: true, Remote: "https://github.com/acme/shop"})
		workflow := plan.content(".github/workflows/deployment-records.yml")
		if wrote := plan.content("_headers") == HeadersFile(); wrote != c.publishes || strings.Contains(workflow, "deploy-pages") == c.publishes {
			t.Errorf("%s with %q: wrote headers: %t; left %v; workflow\n%s", c.file, c.content, wrote, plan.Left, workflow)
		}
		if next := strings.Join(plan.Next(), "\n"); strings.Contains(next, "cp _headers public/") != c.publishes {
			t.Errorf("%s with %q: next is %s", c.file, c.content, next)
		}
		named := slices.ContainsFunc(plan.Left, func(f Finding) bool { return f.Path == c.file && strings.Contains(f.Text, hostsGuide) })
		if named == c.publishes {
			t.Errorf("%s with %q: left %v", c.file, c.content, plan.Left)
		}
	}
}

func TestHeadersThatAreThere(t *testing.T) {
	plan := look(t, repository("netlify.toml", "[build]\ncommand = \"deploysite build && cp _headers public/\"\npublish = \"public\"\n", "_headers", "/*\n"), Facts{})
	if plan.content("_headers") != "" || strings.Contains(strings.Join(plan.Next(), "\n"), "_headers") {
		t.Errorf("it writes %v, next is %v", plan.Files, plan.Next())
	}
}
