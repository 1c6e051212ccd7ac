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

// TestTitleOfAName: where a heading says nothing of its own, the file's name does.
func TestTitleOfAName(t *testing.T) {
	for _, test := range []struct{ name, heading, title string }{
		{"dev-shop-search-2024-08-31.md", "Dev Deployment Record", "Dev Deployment Record: shop search"},
		{"prod-course-195-skills-2024-08-31.md", "Production Deployment Record", "Production Deployment Record: course 195 skills"},
		{"2024-08-31-14-30-v1.2.0.md", "Deployment", "Deployment: v1.2.0"},
		{"20240831_1430_Suche_prod.md", "Bereitstellung 2024-08-31", "Bereitstellung 2024-08-31: Suche"},
		{"2024-08-31-14-30-deployment.md", "Deployment Checklist", "Deployment Checklist"},
		{"2024-08-31-2-deployment.md", "Deployment Record", "Deployment Record"},
		{"dev-2024-08-31.md", "Deployment to dev", "Deployment to dev"},
		{"dev-shop-search-2024-08-31.md", "Search in the shop", "Search in the shop"},
		{"shop-2024-08-31.md", "Release v1.2", "Release v1.2"},
		{"deployment-checklist-shop.md", "Deployment Checklist", "Deployment Checklist"},
	} {
		r := Parse("deployments/"+test.name, []byte("# "+test.heading+"\n\nWords.\n"), Options{})
		if r.Title.Value != test.title {
			t.Errorf("%s, %s: %q, want %q", test.name, test.heading, r.Title.Value, test.title)
		}
	}
}
