const toolbar = (search: string): string => `
    - textbox "${search}"
    - button "Filter"
    - button "Views"
    - button "Columns"`;

/** What a screen reader gets of each page of the rail, in this order, at least. */
export const pageTrees: Readonly<Record<string, string>> = {
  Overview: `
    - heading "Overview" [level=1]
    - button /Live|just now|old/
    - button "Refresh"
    - link "240"
    - link "900"
    - button "What is “Peak”?"
    - region "Signals":
      - heading "Signals" [level=2]
      - button "Thresholds"
      - list "Signals of Demo cluster"
    - region "Storage, 30 days"
    - region "Largest users"`,
  Users: `
    - heading "Users" [level=1]
    - button "Create user"${toolbar('Search e-mail or user id')}
    - grid "Users":
      - row /E-mail/:
        - columnheader "Select all rows"
        - columnheader "E-mail"`,
  Buckets: `
    - heading "Buckets" [level=1]
    - button "Filter"
    - grid "Buckets":
      - row /Name/`,
  Customers: `
    - heading "Customers" [level=1]
    - link "Mismatches"
    - link "Onboard"${toolbar('Search name, e-mail or client id')}
    - navigation "Parts of Customers"
    - grid "Customers"`,
  Keys: `
    - heading "Keys" [level=1]${toolbar('Search key id, owner or account')}
    - region "Keys and limits":
      - button "Reload keys and limits"
    - button "What is “Access key”?"
    - grid`,
  'Limits & quotas': `
    - heading "Limits & quotas" [level=1]
    - radiogroup "Limits and quotas of":
      - radio "Users" [checked]
      - radio "Buckets"
    - button "Edit default"`,
  'Key campaigns': `
    - heading "Key campaigns" [level=1]`,
  Pressure: `
    - heading "Pressure" [level=1]
    - radiogroup "Pressure of":
      - radio "Users" [checked]
      - radio "Buckets"`,
  'Bulk changes': `
    - heading "Bulk changes" [level=1]
    - link "Open a plan"
    - link "New bulk change"`,
  Usage: `
    - heading "Usage" [level=1]
    - button "Collect"
    - navigation "Parts of Usage":
      - link "Traffic"
      - link "Coverage"
      - link "Statements"`,
  Journal: `
    - heading "Journal" [level=1]
    - button "Verify"
    - textbox "Search target, ticket or request id"`,
  'All clusters': `
    - heading "All clusters" [level=1]
    - table "Clusters":
      - rowgroup:
        - row /Cluster/:
          - columnheader "Coverage"
      - rowgroup:
        - row /Demo cluster/:
          - rowheader "Demo cluster"
    - region "Signals":
      - radiogroup "Which signals"
      - list "Signals of all clusters"`,
  Connections: `
    - heading "Connections" [level=1]
    - link "Add a cluster"
    - table:
      - rowgroup:
        - row /Cluster/
    - region "Billing systems"`,
  Settings: `
    - heading "Settings" [level=1]
    - region "Appearance":
      - radiogroup "Theme":
        - radio "System" [checked]
    - region "Storage locations"`,
};
