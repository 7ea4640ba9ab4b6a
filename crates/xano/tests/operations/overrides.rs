//! What the contract does not say about operations. Everything else follows from method and schema:
//! see `generator.rs`.

/// Effects that do not follow from the method. Without an entry, GET is `Read`, DELETE is `Delete`,
/// the groups `table content` and `file` are `Write`, and the rest is `Schema`.
pub(crate) const EFFECTS: &[(&str, &[&str])] = &[
    (
        "Read",
        &[
            // Searches, conversions and previews are POST requests that change nothing.
            "search_content",
            "search_request_history",
            "search_function_history",
            "search_middleware_history",
            "search_task_history",
            "search_tool_history",
            "search_trigger_history",
            "search_audit_logs",
            "search_workspace_audit_logs",
            "convert_from_xanoscript",
            "convert_to_xanoscript",
            "dry_run_multidoc",
            "dry_run_sandbox",
        ],
    ),
    // The first GET creates the sandbox.
    ("Schema", &["get_sandbox"]),
    (
        "Delete",
        &[
            "bulk_delete_records",
            "delete_content_by_search",
            // They overwrite existing data.
            "import_workspace",
            "restore_tenant_backup",
            "reset_sandbox",
            // They can delete objects and truncate tables.
            "push_multidoc",
            "push_sandbox",
            "push_knowledge",
            "push_sandbox_knowledge",
        ],
    ),
    (
        "Run",
        &[
            "run_function",
            "run_unit_test",
            "run_workflow_test",
            "run_tenant_unit_test",
            "run_tenant_workflow_test",
            "run_sandbox_unit_test",
            "run_sandbox_workflow_test",
        ],
    ),
    (
        "Deploy",
        &[
            "set_live_branch",
            // Its body can make the imported branch live.
            "import_workspace_schema",
            "deploy_release",
            "deploy_tenant_release",
            "deploy_tenant_platform",
            "swap_tenant_snapshot",
            "set_static_host_build_env",
            "migrate_static_host",
        ],
    ),
    (
        "Secret",
        &[
            // Tokens that install a snippet.
            "list_snippet_tokens",
            "create_snippet_token",
            "update_snippet_token",
            // Archives, download links and pulls can contain environment values.
            "export_workspace",
            "export_workspace_schema",
            "export_release",
            "export_tenant_backup",
            "pull_multidoc",
            "pull_release",
            "pull_tenant",
            "pull_sandbox",
            // The response contains the private key of the host's Git repository.
            "list_static_hosts",
            "get_static_host",
            "create_static_host",
            "update_static_host",
            // One-time sign-in links.
            "impersonate_tenant",
            "impersonate_sandbox",
            // Environment variables. The contract allows a value beside each key.
            "list_tenant_env_keys",
            "get_tenant_env_all",
            "set_tenant_env_all",
            "get_tenant_env",
            "set_tenant_env",
            "list_sandbox_env_keys",
            "get_sandbox_env_all",
            "set_sandbox_env_all",
            "get_sandbox_env",
            "set_sandbox_env",
            // Licences.
            "get_tenant_license",
            "set_tenant_license",
            "get_tenant_cluster_license",
            "set_tenant_cluster_license",
            "get_sandbox_license",
            "set_sandbox_license",
        ],
    ),
];

/// POST and PATCH operations that are idempotent. GET, PUT and DELETE are idempotent by definition
/// (RFC 9110 §9.2.2), and so are all reads.
pub(crate) const IDEMPOTENT: &[&str] = &[
    "bulk_patch_records",
    "bulk_delete_records",
    "patch_content_by_search",
    "delete_content_by_search",
    "set_live_branch",
    "set_static_host_build_env",
    "set_tenant_env",
    "set_tenant_license",
    "set_tenant_cluster_license",
    "set_sandbox_env",
    "set_sandbox_license",
    "update_snippet",
    "update_snippet_token",
    "update_static_host",
    "reset_sandbox",
];

/// Long-running operations.
pub(crate) const LONG_RUNNING: &[&str] = &[
    // Many records or files.
    "bulk_create_records",
    "bulk_patch_records",
    "bulk_delete_records",
    "patch_content_by_search",
    "delete_content_by_search",
    "truncate_table",
    "upload_file",
    "bulk_delete_files",
    // A whole workspace, branch, release, tenant or sandbox.
    "get_workspace_context",
    "export_workspace",
    "export_workspace_schema",
    "import_workspace",
    "import_workspace_schema",
    "create_branch",
    "pull_multidoc",
    "push_multidoc",
    "dry_run_multidoc",
    "pull_knowledge",
    "push_knowledge",
    "create_release",
    "export_release",
    "import_release",
    "deploy_release",
    "pull_release",
    "push_release",
    "create_tenant",
    "delete_tenant",
    "deploy_tenant_release",
    "deploy_tenant_platform",
    "pull_tenant",
    "create_tenant_backup",
    "export_tenant_backup",
    "import_tenant_backup",
    "restore_tenant_backup",
    "create_tenant_snapshot",
    "swap_tenant_snapshot",
    "create_tenant_cluster",
    "delete_tenant_cluster",
    "get_sandbox",
    "delete_sandbox",
    "reset_sandbox",
    "pull_sandbox",
    "push_sandbox",
    "dry_run_sandbox",
    "pull_sandbox_knowledge",
    "push_sandbox_knowledge",
    // Builds of static hosts.
    "create_static_host_build",
    "pull_static_host_build",
    "set_static_host_build_env",
    "migrate_static_host",
    // Whatever the logic does.
    "run_function",
    "run_unit_test",
    "run_workflow_test",
    "run_tenant_unit_test",
    "run_tenant_workflow_test",
    "run_sandbox_unit_test",
    "run_sandbox_workflow_test",
];

/// Responses that are not as declared.
pub(crate) const RESPONSES: &[(&str, &str)] = &[
    // One source describes paging, which would put the array into an envelope.
    ("list_workspaces", "List"),
];
