from django.urls import path

from portal.network import views

app_name = "network"
# A unit's card comes last: its code could be any word.
urlpatterns = [
    path("network/", views.Browse.as_view(), name="browse"),
    path("network/corrections/", views.CorrectionsPage.as_view(), name="corrections"),
    path("network/corrections/<int:pk>/", views.CorrectionPage.as_view(), name="correction"),
    path("network/corrections/<int:pk>/accept/", views.Accept.as_view(), name="accept"),
    path("network/corrections/<int:pk>/decline/", views.Decline.as_view(), name="decline"),
    path("network/corrections/<int:pk>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path("network/directories/order/", views.OrderDirectory.as_view(), name="order-directory"),
    path("network/directories/<int:pk>/", views.DirectoryFile.as_view(), name="directory"),
    path("network/persons/<str:number>/", views.PersonCard.as_view(), name="person"),
    path("network/<str:code>/", views.UnitCard.as_view(), name="unit"),
    path("network/<str:code>/chart/", views.ChartPage.as_view(), name="chart"),
    path("network/<str:code>/correct/", views.Propose.as_view(), name="propose"),
]
