package records

import "testing"

// TestOpeningHeading: a heading that a file begins with is its title if it is of
// one deployment, and stays so whatever sections come behind it.
func TestOpeningHeading(t *testing.T) {
	for first, title := range map[string]string{
		"## Hotfix v1.2 for the login":     "Hotfix v1.2 for the login",
		"### Release 1.4.2":                "Release 1.4.2",
		"## Release of 11 March 2024":      "Release of 11 March 2024",
		"## Pre-flight":                    "Deployment of 2024-03-11",
		"## 1.1 Preparation":               "Deployment of 2024-03-11",
		"## Lessons Learned":               "Deployment of 2024-03-11",
		"Some words\n\n## Hotfix v1.2":     "Deployment of 2024-03-11",
		"## Hotfix v1.2\n\n# The login":    "The login",
		"- **Service**: shop\n\n## Step 1": "shop",
	} {
		for _, more := range []string{"", "\n- [x] **Build**\n", "\n## Tips for Next Deployment\n\n- Look at v2\n", "\n## Hotfix v9\n"} {
			r := Parse("deployments/2024-03-11.md", []byte(first+"\n"+more), Options{})
			if r.Title.Value != title {
				t.Errorf("%q and %q: the title is %q, want %q", first, more, r.Title.Value, title)
			}
		}
	}
}
