locals {
  # Management events, read and write, are always there: a trail with selectors records only what they select.
  # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
  management_selector = {
    name   = "Management events"
    fields = [{ field = "eventCategory", equals = ["Management"], starts_with = null }]
  }

  # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
  data_selectors = [for name, selector in var.data_event_selectors : {
    name = name
    fields = concat(
      [
        { field = "eventCategory", equals = ["Data"], starts_with = null },
        { field = "resources.type", equals = [selector.resource_type], starts_with = null },
      ],
      [for prefixes in [selector.resource_arn_prefixes] :
        { field = "resources.ARN", equals = null, starts_with = prefixes } if length(prefixes) > 0
      ],
      [for value in [selector.read_only] : { field = "readOnly", equals = [value], starts_with = null } if value != ""],
    )
  }]

  # One selector for each event source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html
  network_selectors = [for source in distinct(var.network_activity_sources) : {
    name = "Network activity of ${source}"
    fields = [
      { field = "eventCategory", equals = ["NetworkActivity"], starts_with = null },
      { field = "eventSource", equals = [source], starts_with = null },
    ]
  }]

  selectors = concat([local.management_selector], local.data_selectors, local.network_selectors)

  selected_values = sum([for selector in local.selectors : sum([
    for field in selector.fields : length(coalesce(field.equals, field.starts_with))
  ])])
}
