from django import template

from portal.content import structured_data

register = template.Library()
register.filter("json_ld", structured_data.dumps)
register.filter("breadcrumb_list", structured_data.breadcrumb_list)
register.filter("absolute", structured_data.absolute)
