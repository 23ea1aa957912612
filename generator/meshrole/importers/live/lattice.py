"""VPC Lattice: https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_Operations.html."""

from meshrole.importers.live.asking import Asking

LATTICE = "vpc-lattice"
ASSOCIATIONS = "ListServiceNetworkServiceAssociations"


def ask(asking: Asking) -> None:
    """The service networks and services, which service is in which network, and the auth policies of both."""
    networks = list(asking.each(LATTICE, "ListServiceNetworks", "items"))
    services = list(asking.each(LATTICE, "ListServices", "items"))
    names = {each["id"]: each["name"] for each in services}
    for network in networks:
        asking.keep("aws vpc-lattice list-service-networks", {"items": [network]})
        for each in asking.each(LATTICE, ASSOCIATIONS, "items", serviceNetworkIdentifier=network["id"]):
            named = {
                "serviceName": names.get(each.get("serviceId"), each.get("serviceId")),
                "serviceNetworkName": network["name"],
            }
            asking.keep("aws vpc-lattice list-service-network-service-associations", {"items": [{**each, **named}]})
    for service in services:
        asking.keep("aws vpc-lattice list-services", {"items": [service]})
    for guarded in (*networks, *services):
        policy = asking.one(LATTICE, "GetAuthPolicy", resourceIdentifier=guarded["arn"])
        if policy.get("policy"):
            asking.keep("aws vpc-lattice get-auth-policy", {**policy, "resourceIdentifier": guarded["arn"]})
